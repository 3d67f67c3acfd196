//! A pass written out as Markdown and as LaTeX can be typeset, and says the numbers of the pass.
//!
//! Must not know how a formula is made.

use std::fs;

use vastavirta::files::{EXAMPLES, write_model};

use crate::random_networks::random_model;
use crate::support::{output_of, root, vastavirta};

/// The formulas of a page.
fn formulas(page: &str) -> Vec<&str> {
    page.split("$$\n").skip(1).step_by(2).map(str::trim).collect()
}

fn assert_typeset(page: &str, model: &str) {
    let formulas = formulas(page);
    assert!(formulas.len() > 3, "{model}: {page}");
    for formula in formulas {
        let parsed =
            ratex_parser::parse(formula).unwrap_or_else(|error| panic!("{model}: {formula}: {error:?}"));
        let set = ratex_layout::layout(&parsed, &ratex_layout::LayoutOptions::default());
        assert!(set.width > 0.0, "{model}: {formula}");
    }
}

fn page(model: &str, form: &str, convention: &str) -> String {
    let arguments = ["export", model, "--to", form, "--rows", "0..1", "--convention", convention];
    output_of(&mut vastavirta(&arguments))
}

#[test]
fn every_formula_of_a_page_can_be_typeset_in_every_convention() {
    for (name, _) in EXAMPLES {
        if *name == "digits" {
            continue;
        }
        let path = root().join(format!("saved_models/{name}.ron"));
        for convention in ["pytorch", "numpy", "textbook"] {
            assert_typeset(&page(&path.to_string_lossy(), "markdown", convention), name);
        }
    }
    let folder = tempfile::tempdir().unwrap();
    for seed in 0..6 {
        let path = folder.path().join(format!("{seed}.ron"));
        write_model(&path, &random_model(seed)).unwrap();
        assert_typeset(&page(&path.to_string_lossy(), "markdown", "pytorch"), &seed.to_string());
    }
}

#[test]
fn a_page_lays_its_matrices_as_the_convention_does_and_says_the_numbers_of_the_pass() {
    let path = root().join("saved_models/grad_w_2x3.ron");
    let path = path.to_string_lossy();
    let first = |convention: &str| {
        let page = page(&path, "markdown", convention);
        let weight = formulas(&page).into_iter().find(|formula| formula.contains("{W}_")).unwrap().to_owned();
        let matrix = weight.split("bmatrix}").nth(1).unwrap().to_owned();
        let rows: Vec<Vec<String>> = matrix
            .trim_end_matches("\\end{")
            .split("\\\\")
            .map(|row| row.split('&').map(|cell| cell.trim().to_owned()).collect())
            .collect();
        rows
    };
    let (pytorch, numpy) = (first("pytorch"), first("numpy"));
    assert_eq!((pytorch.len(), pytorch[0].len()), (2, 3));
    assert_eq!((numpy.len(), numpy[0].len()), (3, 2));
    assert_eq!(pytorch[1][0], numpy[0][1]);
    let page = page(&path, "latex", "pytorch");
    assert!(page.starts_with("% grad_w_2x3, written by Vastavirta"), "{page}");
    for part in ["\\section*{Forward}", "\\section*{Backward}", "\\end{document}"] {
        assert!(page.contains(part), "{part}: {page}");
    }
}

#[test]
fn hostile_names_stay_within_their_formulas() {
    let folder = tempfile::tempdir().unwrap();
    let mut model = vastavirta::files::read_model(&root().join("saved_models/mazur.ron")).unwrap();
    let hostile = ["$$\n\n# x", "\\end{document}", "}} \\input{x}", "50 % & #1_a^b~", "層", "a\nb"];
    for (node, name) in model.document.network.nodes.values_mut().zip(hostile) {
        node.name = name.to_owned();
    }
    let path = folder.path().join("hostile.ron");
    write_model(&path, &model).unwrap();
    let arguments = ["export", &path.to_string_lossy(), "--to", "markdown"];
    assert_typeset(&output_of(&mut vastavirta(&arguments)), "hostile");
    let latex = output_of(&mut vastavirta(&["export", &path.to_string_lossy(), "--to", "latex"]));
    assert_eq!(latex.matches("\\end{document}").count(), 1, "{latex}");
    assert!(!latex.contains("\\input"), "{latex}");
    fs::write(folder.path().join("hostile.tex"), latex).unwrap();
}
