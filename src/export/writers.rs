//! The list of everything that a model can be written as. To add one: write its module, add its entry here
//! and its two texts to both languages; the window and the command line read this list.
//!
//! Must not touch a file: an entry gives the bytes.

use super::{ExportError, ExportedFile, Subject, marimo, mermaid, numpy, onnx, pages, pytorch};
use crate::explain::print::Convention;
use crate::network::Severity;
use crate::words::Message;

/// One form that a model can be written in.
#[derive(Clone, Copy, Debug)]
pub struct Writer {
    /// Its word on the command line: `--to pytorch`.
    pub slug: &'static str,
    /// The key of its name: what is written.
    pub name: &'static str,
    /// The key of the sentence that says what was written and what to do with it; takes `$path`.
    pub done: &'static str,
    /// What is written.
    pub form: Form,
    /// Where it leaves the choice of a convention: the one that it takes unless another is chosen.
    pub convention: Option<Convention>,
    write: fn(&Subject<'_>) -> Result<Vec<ExportedFile>, ExportError>,
}

/// What an export is on a disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A folder of its own with several files.
    Folder,
    /// One file of text with this ending, without the dot.
    Text(&'static str),
    /// One file that is no text.
    Binary(&'static str),
}

/// Every writer, in the order in which they are offered.
pub const WRITERS: &[Writer] = &[
    Writer {
        slug: "pytorch",
        name: "export-pytorch",
        done: "export-pytorch-done",
        form: Form::Folder,
        convention: None,
        write: pytorch::project,
    },
    Writer {
        slug: "numpy",
        name: "export-numpy",
        done: "export-numpy-done",
        form: Form::Text("py"),
        convention: Some(numpy::COURSE),
        write: numpy::file,
    },
    Writer {
        slug: "marimo",
        name: "export-marimo",
        done: "export-marimo-done",
        form: Form::Text("py"),
        convention: Some(numpy::COURSE),
        write: marimo::file,
    },
    Writer {
        slug: "mermaid",
        name: "export-mermaid",
        done: "export-mermaid-done",
        form: Form::Text("mmd"),
        convention: None,
        write: |subject| Ok(mermaid::file(subject)),
    },
    Writer {
        slug: "onnx",
        name: "export-onnx",
        done: "export-onnx-done",
        form: Form::Binary("onnx"),
        convention: None,
        write: onnx::file,
    },
    Writer {
        slug: "latex",
        name: "export-latex",
        done: "export-latex-done",
        form: Form::Text("tex"),
        convention: Some(pages::USUAL),
        write: pages::latex_file,
    },
    Writer {
        slug: "markdown",
        name: "export-markdown",
        done: "export-markdown-done",
        form: Form::Text("md"),
        convention: Some(pages::USUAL),
        write: pages::markdown_file,
    },
];

impl PartialEq for Writer {
    fn eq(&self, other: &Self) -> bool {
        self.slug == other.slug
    }
}

impl Eq for Writer {}

impl Writer {
    /// The writer of this word.
    pub fn named(slug: &str) -> Option<&'static Self> {
        WRITERS.iter().find(|writer| writer.slug == slug)
    }

    /// The files of an export; the same model gives the same bytes.
    ///
    /// # Errors
    /// [`ExportError::Problems`] for a drawing that cannot run, [`ExportError::Inexpressible`] for a node
    /// that this form has no words for.
    pub fn write(&self, subject: &Subject<'_>) -> Result<Vec<ExportedFile>, ExportError> {
        let mut problems = subject.document.network.problems();
        problems.retain(|problem| problem.severity == Severity::Error);
        if problems.is_empty() { (self.write)(subject) } else { Err(ExportError::Problems(problems)) }
    }

    /// The name to propose for the folder or file: `auto_mpg_pytorch`, `auto_mpg.mmd`.
    pub fn proposed_name(&self, title: &str) -> String {
        match self.form {
            Form::Folder => format!("{title}_{}", self.slug),
            // Several forms are Python.
            Form::Text("py") => format!("{title}_{}.py", self.slug),
            Form::Text(ending) | Form::Binary(ending) => format!("{title}.{ending}"),
        }
    }

    /// What was written, where, and what to do with it.
    pub fn done(&self, path: &std::path::Path) -> Message {
        Message::new(self.done).with("path", path.display().to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::{Language, Words};

    #[test]
    fn every_writer_has_a_word_of_its_own_and_its_texts_in_every_language() {
        for (idx, writer) in WRITERS.iter().enumerate() {
            assert!(WRITERS[..idx].iter().all(|other| other.slug != writer.slug), "{}", writer.slug);
            for language in Language::CHOICES {
                let words = Words::new(language);
                assert!(words.has(writer.name) && words.has(writer.done), "{}: {language:?}", writer.slug);
            }
        }
    }
}
