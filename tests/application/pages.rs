//! A pass written out as Markdown and as LaTeX can be typeset, and says the numbers of the pass.
//!
//! Must not know how a formula is made.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use vastavirta::files::{EXAMPLES, write_model};

use crate::random_networks::random_model;
use crate::support::{output_of, root, skip, starts, vastavirta};

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

/// The commands of formulas: those that `KaTeX`, amsmath and the typesetter on the screen share.
const SAFE: [&str; 34] = [
    "\\Delta",
    "\\Phi",
    "\\begin{bmatrix}",
    "\\begin{cases}",
    "\\cdot",
    "\\cdots",
    "\\cos",
    "\\ddots",
    "\\end{bmatrix}",
    "\\end{cases}",
    "\\exp",
    "\\frac",
    "\\infty",
    "\\ldots",
    "\\le",
    "\\left",
    "\\ln",
    "\\mathrm",
    "\\max",
    "\\min",
    "\\odot",
    "\\operatorname",
    "\\prod",
    "\\right",
    "\\sigma",
    "\\sin",
    "\\sqrt",
    "\\sum",
    "\\tan",
    "\\tanh",
    "\\text",
    "\\top",
    "\\varphi",
    "\\vdots",
];

/// The commands of a formula, each environment with its name.
fn commands(formula: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (at, _) in formula.match_indices('\\') {
        let rest = &formula[at + 1..];
        let name: String = rest.chars().take_while(char::is_ascii_alphabetic).collect();
        let environment = match name.as_str() {
            "begin" | "end" => rest[name.len()..].split_inclusive('}').next().unwrap_or_default(),
            _ => "",
        };
        if !name.is_empty() {
            found.insert(format!("\\{name}{environment}"));
        }
    }
    found
}

#[test]
fn formulas_use_only_what_katex_has() {
    let folder = tempfile::tempdir().unwrap();
    let mut models: Vec<String> = EXAMPLES
        .iter()
        .map(|(name, _)| root().join(format!("saved_models/{name}.ron")))
        .map(|path| path.to_string_lossy().into_owned())
        .collect();
    for seed in 0..20 {
        let path = folder.path().join(format!("{seed}.ron"));
        write_model(&path, &random_model(seed)).unwrap();
        models.push(path.to_string_lossy().into_owned());
    }
    for model in models {
        let page = page(&model, "markdown", "pytorch");
        for formula in formulas(&page) {
            for command in commands(formula) {
                assert!(SAFE.contains(&command.as_str()), "{model}: {command} in {formula}");
            }
        }
    }
}

#[test]
fn a_latex_page_compiles_and_no_formula_is_wider_than_it() {
    let name = "a_latex_page_compiles_and_no_formula_is_wider_than_it";
    if !starts(Command::new("pdflatex").arg("--version")) {
        return skip(name, "VASTAVIRTA_REQUIRE_LATEX", "pdflatex").unwrap_or_default();
    }
    let folder = tempfile::tempdir().unwrap();
    for (at, (name, _)) in EXAMPLES.iter().enumerate() {
        let convention = ["pytorch", "numpy", "textbook"][at % 3];
        let path = root().join(format!("saved_models/{name}.ron"));
        let text = page(&path.to_string_lossy(), "latex", convention);
        assert_compiles(folder.path(), name, &text);
    }
}

/// Lets pdflatex set a page.
fn assert_compiles(folder: &Path, name: &str, text: &str) {
    fs::write(folder.join(format!("{name}.tex")), text).unwrap();
    let mut command = Command::new("pdflatex");
    command.args(["-interaction=nonstopmode", "-halt-on-error", name]).current_dir(folder);
    let output = command.stdin(Stdio::null()).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{name}: {said}");
    assert!(!said.contains("Overfull"), "{name}: {said}");
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
fn a_page_of_a_drawing_without_data_says_so_and_gives_its_tensors_once() {
    let path = root().join("saved_models/operation_chain.ron");
    let page = output_of(&mut vastavirta(&["export", &path.to_string_lossy(), "--to", "markdown"]));
    assert!(page.contains("All numbers are the drawing's own: it takes no data."), "{page}");
    assert!(!page.contains("Usable rows"), "{page}");
    for tensor in ["x", "y", "z"] {
        assert_eq!(page.matches(&format!("\n{{X}}_{{\\text{{{tensor}}}}} = ")).count(), 1, "{page}");
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
    if starts(Command::new("pdflatex").arg("--version")) {
        assert_compiles(folder.path(), "hostile", &latex);
    }
}
