//! A file in rounds of pieces: while one round becomes numbers, the round before it joins the table
//! and the round after it is read, on as many threads as there are.
//!
//! Must not know what a cell holds.

use super::assemble::Assembly;
use super::parse::{Layout, Piece};
use super::quoted::read_quoted;
use super::{Reading, Waiting};
use crate::data::error::{DataError, DataErrorKind};
use crate::data::parallel;

/// Bytes of a piece: text and numbers of a few of them stay in a processor's cache.
const PIECE: usize = 1 << 17;

/// Pieces of a round, for each thread: several, so that no thread waits long for another.
const PIECES_A_THREAD: usize = 4;

/// Pieces of a round at most, so that three rounds stay small beside a table.
const MOST_PIECES: usize = 32;

/// A piece of a file on its way to numbers; pieces do not depend on one another.
#[derive(Debug, Default)]
struct Job {
    text: Vec<u8>,
    piece: Piece,
}

/// Pieces that follow one another.
#[derive(Debug)]
struct Round {
    jobs: Vec<Job>,
    /// How many of the jobs are in use.
    n: usize,
}

/// What ended a round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// It is full.
    Full,
    /// The next piece has a quote, and a line end within quotes need not end a row.
    Quote,
    /// The next row is longer than any should be.
    LongRow,
    /// The text is at its end.
    Text,
}

/// Cuts the text into pieces at line ends and has them read, several at once. From the first
/// quote on, the `csv` crate reads the rest alone.
pub(super) fn read_rows(mut reading: Reading<'_, '_>, waiting: Waiting<'_>) -> Result<(), DataError> {
    let layout = reading.layout;
    let n_jobs = MOST_PIECES.min(parallel::n_threads() * PIECES_A_THREAD);
    let [mut done, mut now, mut next] = std::array::from_fn(|_| Round::new(n_jobs));
    let mut end = now.fill(&mut reading);
    while now.n > 0 {
        let is_last = end != Ok(End::Full);
        let ((), joined) = parallel::join(
            || now.read(layout),
            || -> Result<(), DataError> {
                done.join(reading.assembly)?;
                if !is_last {
                    end = next.fill(&mut reading);
                }
                Ok(())
            },
        );
        joined?;
        waiting.look_up(reading.source.n_read())?;
        (done, now, next) = (now, next, done);
    }
    done.join(reading.assembly)?;
    waiting.look_up(reading.source.n_read())?;
    match end? {
        End::Full | End::Text => Ok(()),
        End::Quote => read_quoted(reading, waiting),
        End::LongRow => {
            let kind = DataErrorKind::LongRow { limit: reading.limits.max_row_bytes };
            Err(DataError::new(kind).at_line(reading.assembly.next_line()))
        }
    }
}

impl Round {
    fn new(n: usize) -> Self {
        Self { jobs: std::iter::repeat_with(Job::default).take(n).collect(), n: 0 }
    }

    /// Takes as many whole pieces off the text, and the text off the source, as there is room for.
    fn fill(&mut self, reading: &mut Reading<'_, '_>) -> Result<End, DataError> {
        let Reading { source, text, layout, limits, .. } = reading;
        self.n = 0;
        while self.n < self.jobs.len() {
            if text.len() < PIECE && !source.is_done() {
                source.fill(text, PIECE - text.len())?;
            }
            if text.is_empty() {
                return Ok(End::Text);
            }
            let cut = if source.is_done() { Some(text.len()) } else { last_line_end(text) };
            let Some(cut) = cut else {
                if text.len() > limits.max_row_bytes {
                    return Ok(End::LongRow);
                }
                source.fill(text, PIECE)?;
                continue;
            };
            if layout.splitter.quote.is_some_and(|quote| text.contains(&quote)) {
                return Ok(End::Quote);
            }
            let job = &mut self.jobs[self.n];
            job.text.clear();
            job.text.extend_from_slice(&text[cut..]);
            std::mem::swap(&mut job.text, text);
            job.text.truncate(cut);
            job.piece.restart(layout.n_columns);
            self.n += 1;
        }
        Ok(End::Full)
    }

    /// Turns all pieces into numbers.
    fn read(&mut self, layout: &Layout) {
        parallel::for_each(&mut self.jobs[..self.n], |job| job.piece.plain(&job.text, layout));
    }

    /// Hands the rows over, in order, and is empty.
    fn join(&mut self, assembly: &mut Assembly) -> Result<(), DataError> {
        for job in &mut self.jobs[..self.n] {
            assembly.append(&mut job.piece)?;
        }
        self.n = 0;
        Ok(())
    }
}

fn last_line_end(text: &[u8]) -> Option<usize> {
    text.iter().rposition(|&byte| byte == b'\n').map(|at| at + 1)
}
