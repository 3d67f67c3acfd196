//! A frame of the canvas: `ui` plus tessellation, without the painting, at 100 and 1,000 nodes.
//!
//! "still" is a frame in which nothing changed; "drawn" pans a little, so that everything is drawn anew;
//! "zoomed" changes the zoom in every frame, so that every text has a new size. All nodes are in sight: on
//! 1280 × 800 points small and without text, on 3840 × 2160 points with all their texts. Where the system
//! tells it (Linux), the time is the thread's own processor time, so that a busy machine does not count.

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, criterion_group};
use egui::{Event, vec2};
use vastavirta::ui::canvas::CanvasRequest;

use crate::screen::{Screen, timed};

fn frames(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("canvas");
    for (name, size) in [("1280x800", vec2(1280.0, 800.0)), ("3840x2160", vec2(3840.0, 2160.0))] {
        for n in [100, 1000] {
            let mut screen = Screen::new(n, size);
            group.bench_function(BenchmarkId::new(format!("still {name}"), n), |bencher| {
                bencher.iter_custom(|n| {
                    timed(n, || {
                        black_box(screen.frame(Vec::new()));
                    })
                });
            });
            let middle = (size / 2.0).to_pos2();
            screen.frame(vec![Event::PointerMoved(middle)]);
            let mut right = true;
            group.bench_function(BenchmarkId::new(format!("drawn {name}"), n), |bencher| {
                bencher.iter_custom(|n| {
                    timed(n, || {
                        right = !right;
                        screen.canvas.pan_by(vec2(if right { 1.0 } else { -1.0 }, 0.0));
                        black_box(screen.frame(Vec::new()));
                    })
                });
            });
            let mut nearer = false;
            group.bench_function(BenchmarkId::new(format!("zoomed {name}"), n), |bencher| {
                bencher.iter_custom(|n| {
                    timed(n, || {
                        nearer = !nearer;
                        screen.canvas.ask(if nearer {
                            CanvasRequest::ZoomIn
                        } else {
                            CanvasRequest::ZoomOut
                        });
                        black_box(screen.frame(Vec::new()));
                    })
                });
            });
        }
    }
    group.finish();
}

criterion_group!(benches, frames);
