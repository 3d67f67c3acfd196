//! Python's expressions, as far as they can be drawn: the usual signs in their usual order, calls, methods,
//! indexing, lists, assignments.

use super::error::{ExpressionError, Wrong};
use super::token::{Place, Token, tokens};
use super::tree::{Item, Part, Statement, Tree};

/// How deep an expression may nest.
const MAX_DEPTH: usize = 200;

/// The most tokens of a text: a chain of so many signs nests as deep as it is long.
const MAX_TOKENS: usize = 2_000;

/// Names that stand before a dot and mean nothing here.
const MODULES: [&str; 6] = ["torch", "nn", "functional", "F", "linalg", "np"];

/// Infix signs from the loosest to the tightest; powers are apart, because they bind to the right.
const LEVELS: [&[&str]; 3] = [&[">", ">=", "<", "<=", "=="], &["+", "-"], &["*", "/", "@"]];

struct Parser {
    tokens: Vec<(Token, Place)>,
    at: usize,
    depth: usize,
}

/// The statements of a text.
pub(super) fn statements(text: &str) -> Result<Vec<Statement>, ExpressionError> {
    let mut parser = Parser { tokens: tokens(text)?, at: 0, depth: 0 };
    if let Some((_, place)) = parser.tokens.get(MAX_TOKENS) {
        return Err(place.wrong(Wrong::TooLarge));
    }
    let mut statements = Vec::new();
    // Where a block `with torch.no_grad():` begins, while it lasts.
    let mut block: Option<Place> = None;
    while parser.at < parser.tokens.len() {
        if *parser.peek() == Token::End {
            parser.at += 1;
            continue;
        }
        let place = parser.place();
        // The block is what stands further to the right, and the rest of its own line.
        block = block.filter(|block| place.line == block.line || place.column > block.column);
        if parser.skip_import() {
            continue;
        }
        if *parser.peek() == Token::Name("with".to_owned()) {
            parser.no_grad_head()?;
            block = block.or(Some(place));
            continue;
        }
        let no_grad = block.is_some();
        statements.push(Statement { no_grad, ..parser.statement()? });
    }
    Ok(statements)
}

impl Parser {
    fn peek(&self) -> &Token {
        self.tokens.get(self.at).map_or(&Token::End, |(token, _)| token)
    }

    fn peek_second(&self) -> &Token {
        self.tokens.get(self.at + 1).map_or(&Token::End, |(token, _)| token)
    }

    fn place(&self) -> Place {
        let last = || self.tokens.last().map_or(Place { line: 1, column: 1 }, |(_, place)| *place);
        self.tokens.get(self.at).map_or_else(last, |(_, place)| *place)
    }

    fn take(&mut self, sign: &str) -> bool {
        let is_it = matches!(self.peek(), Token::Sign(found) if *found == sign);
        self.at += usize::from(is_it);
        is_it
    }

    fn expect(&mut self, sign: &str) -> Result<(), ExpressionError> {
        if self.take(sign) { Ok(()) } else { Err(self.unexpected(sign)) }
    }

    fn unexpected(&self, expected: &str) -> ExpressionError {
        let found = self.peek().text();
        self.place().wrong(Wrong::Expected { expected: expected.to_owned(), found })
    }

    /// `import torch`, `from torch import nn`: a line that draws nothing.
    fn skip_import(&mut self) -> bool {
        let is_word = |token: &Token, words: &[&str]| matches!(token, Token::Name(name) if words.contains(&name.as_str()));
        let is_import =
            is_word(self.peek(), &["import", "from"]) && matches!(self.peek_second(), Token::Name(_));
        while is_import && *self.peek() != Token::End {
            self.at += 1;
        }
        is_import
    }

    fn statement(&mut self) -> Result<Statement, ExpressionError> {
        let is_assigned = *self.peek_second() == Token::Sign("=");
        let name = match self.peek().clone() {
            Token::Name(name) if is_assigned => {
                let place = self.place();
                self.at += 2;
                Some((name, place))
            }
            _ => None,
        };
        let value = self.expression()?;
        if *self.peek() != Token::End {
            return Err(self.unexpected("+ - * / ** @"));
        }
        self.at += 1;
        let (value, is_root) = if name.is_none() { value.root() } else { (value, false) };
        Ok(Statement { no_grad: false, name, value, is_root })
    }

    /// `with torch.no_grad():`, the only block there is.
    fn no_grad_head(&mut self) -> Result<(), ExpressionError> {
        self.at += 1;
        let is_module = matches!(self.peek(), Token::Name(name) if name == "torch");
        if is_module && *self.peek_second() == Token::Sign(".") {
            self.at += 2;
        }
        if *self.peek() != Token::Name("no_grad".to_owned()) {
            return Err(self.unexpected("with torch.no_grad():"));
        }
        self.at += 1;
        ["(", ")", ":"].into_iter().try_for_each(|sign| self.expect(sign))
    }

    fn expression(&mut self) -> Result<Tree, ExpressionError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(self.place().wrong(Wrong::TooLarge));
        }
        let tree = self.level(0);
        self.depth -= 1;
        tree
    }

    fn level(&mut self, level: usize) -> Result<Tree, ExpressionError> {
        let Some(signs) = LEVELS.get(level) else { return self.prefixed() };
        let mut left = self.level(level + 1)?;
        loop {
            let place = self.place();
            let Some(sign) = signs.iter().copied().find(|sign| self.take(sign)) else { return Ok(left) };
            let right = self.level(level + 1)?;
            left = Tree { what: Part::Infix(sign, Box::new(left), Box::new(right)), place };
        }
    }

    /// `-x ** 2` is `-(x ** 2)`.
    fn prefixed(&mut self) -> Result<Tree, ExpressionError> {
        let place = self.place();
        let mut is_negative = false;
        loop {
            if self.take("-") {
                is_negative = !is_negative;
            } else if !self.take("+") {
                break;
            }
        }
        let of = self.power()?;
        Ok(if is_negative { Tree { what: Part::Negative(Box::new(of)), place } } else { of })
    }

    fn power(&mut self) -> Result<Tree, ExpressionError> {
        let base = self.postfixed()?;
        let place = self.place();
        if self.take("**") || self.take("^") {
            self.depth += 1;
            if self.depth > MAX_DEPTH {
                return Err(place.wrong(Wrong::TooLarge));
            }
            let exponent = self.prefixed()?;
            self.depth -= 1;
            return Ok(Tree { what: Part::Infix("**", Box::new(base), Box::new(exponent)), place });
        }
        Ok(base)
    }

    fn postfixed(&mut self) -> Result<Tree, ExpressionError> {
        let mut tree = self.atom()?;
        loop {
            let place = self.place();
            if self.take("[") {
                tree = Tree { what: Part::Index(Box::new(tree), self.items()?), place };
            } else if self.take(".") {
                let Token::Name(name) = self.peek().clone() else { return Err(self.unexpected("x.sum()")) };
                self.at += 1;
                tree = if self.take("(") {
                    let (mut arguments, keywords) = self.arguments()?;
                    arguments.insert(0, tree);
                    Tree { what: Part::Call { function: name, arguments, keywords }, place }
                } else {
                    Tree { what: Part::Attribute(Box::new(tree), name), place }
                };
            } else {
                return Ok(tree);
            }
        }
    }

    fn atom(&mut self) -> Result<Tree, ExpressionError> {
        let place = self.place();
        match self.peek().clone() {
            Token::Number(number) => {
                self.at += 1;
                Ok(Tree { what: Part::Number(number), place })
            }
            Token::Name(name) => {
                self.at += 1;
                self.named(name, place)
            }
            Token::Sign("(") => {
                self.at += 1;
                let first = self.expression()?;
                if self.take(")") {
                    return Ok(first);
                }
                let mut items = vec![first];
                while self.take(",") {
                    if *self.peek() == Token::Sign(")") {
                        break;
                    }
                    items.push(self.expression()?);
                }
                self.expect(")")?;
                Ok(Tree { what: Part::List(items), place })
            }
            Token::Sign("[") => {
                self.at += 1;
                let mut items = Vec::new();
                while *self.peek() != Token::Sign("]") {
                    items.push(self.expression()?);
                    if !self.take(",") {
                        break;
                    }
                }
                self.expect("]")?;
                Ok(Tree { what: Part::List(items), place })
            }
            Token::Sign(_) | Token::End => Err(self.unexpected("x, 1.5, (, [")),
        }
    }

    /// What a name begins: a function without its modules, or the name of a value.
    fn named(&mut self, mut name: String, place: Place) -> Result<Tree, ExpressionError> {
        let mut is_module = MODULES.contains(&name.as_str());
        while is_module && *self.peek() == Token::Sign(".") {
            self.at += 1;
            let Token::Name(next) = self.peek().clone() else { return Err(self.unexpected("torch.exp(x)")) };
            self.at += 1;
            is_module = MODULES.contains(&next.as_str());
            name = next;
        }
        if self.take("(") {
            let (arguments, keywords) = self.arguments()?;
            return Ok(Tree { what: Part::Call { function: name, arguments, keywords }, place });
        }
        Ok(Tree { what: Part::Name(name), place })
    }

    #[expect(clippy::type_complexity, reason = "arguments and keywords, used twice")]
    fn arguments(&mut self) -> Result<(Vec<Tree>, Vec<(String, Tree)>), ExpressionError> {
        let (mut arguments, mut keywords) = (Vec::new(), Vec::new());
        while *self.peek() != Token::Sign(")") {
            let is_keyword = *self.peek_second() == Token::Sign("=");
            match self.peek().clone() {
                Token::Name(name) if is_keyword => {
                    self.at += 2;
                    keywords.push((name, self.expression()?));
                }
                _ => arguments.push(self.expression()?),
            }
            if !self.take(",") {
                break;
            }
        }
        self.expect(")")?;
        Ok((arguments, keywords))
    }

    fn items(&mut self) -> Result<Vec<Item>, ExpressionError> {
        let mut items = Vec::new();
        loop {
            let start = self.whole()?;
            items.push(if self.take(":") {
                Item::Run(start, self.whole()?)
            } else {
                Item::At(start.ok_or_else(|| self.unexpected("x[0], x[0:2]"))?)
            });
            if !self.take(",") {
                break;
            }
        }
        self.expect("]")?;
        Ok(items)
    }

    /// A whole number with its sign, where one stands here.
    fn whole(&mut self) -> Result<Option<isize>, ExpressionError> {
        let is_negative = self.take("-");
        match *self.peek() {
            Token::Number(number) if number.fract() == 0.0 && number.abs() < 1e9 => {
                self.at += 1;
                let number = crate::network::index_of(number);
                Ok(Some(if is_negative { -number } else { number }))
            }
            _ if is_negative => Err(self.unexpected("1")),
            Token::Number(_) => Err(self.unexpected("0, 1, 2")),
            _ => Ok(None),
        }
    }
}
