//! A method's signature: its selector, how it takes the object, its parameters and its result.

use std::fmt;

use super::scan::{Scanner, Token, is_identifier};
use super::types::{Type, TypeError};

/// How a method takes the object that it runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Receiver {
    /// `&self`: the slots cannot change.
    Shared,
    /// `&mut self`: the slots may change, and the method marks that they did.
    Mutable,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Param {
    pub name: String,
    pub ty: Type,
}

/// `fn deposit(&mut self, amount: f64) -> Result<f64, String>`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Signature {
    /// The selector.
    pub name: String,
    pub receiver: Receiver,
    pub params: Vec<Param>,
    pub returns: Type,
}

impl Signature {
    /// Whether its result is an `Option`, so that a `?` in it may end it with `None`.
    pub fn may_return_none(&self) -> bool {
        matches!(self.returns.carried(), Type::Option(_))
    }

    /// Reads a signature, with or without `pub` before it and `{` or `;` after it.
    pub fn parse(text: &str) -> Result<Self, TypeError> {
        let mut scanner = Scanner::new(text)?;
        scanner.eat(Token::Name("pub"));
        if !scanner.eat(Token::Name("fn")) {
            return Err(scanner.problem("expected `fn`"));
        }
        let name = checked_name(scanner.expect_name("the method's name")?, "method")?;
        if scanner.peek() == Some(Token::Punctuation('<')) {
            return Err(scanner.problem("a method has no generic parameters; expected `(`"));
        }
        scanner.expect_char('(')?;
        let receiver = scan_receiver(&mut scanner)?;
        let params = scan_params(&mut scanner)?;
        let returns = if scanner.eat(Token::Arrow) {
            Type::scan(&mut scanner)?.not_of_slots_only()?
        } else {
            Type::Unit
        };
        if scanner.eat_char('{') {
            scanner.eat_char('}');
        } else {
            scanner.eat_char(';');
        }
        scanner.expect_end()?;
        Ok(Self {
            name,
            receiver,
            params,
            returns,
        })
    }
}

fn scan_receiver(scanner: &mut Scanner<'_>) -> Result<Receiver, TypeError> {
    if !scanner.eat_char('&') {
        return Err(
            scanner.problem("a method takes the object as `&self` or `&mut self`; expected `&`")
        );
    }
    let receiver = if scanner.eat(Token::Name("mut")) {
        Receiver::Mutable
    } else {
        Receiver::Shared
    };
    if !scanner.eat(Token::Name("self")) {
        return Err(scanner.problem("expected `self`"));
    }
    Ok(receiver)
}

fn scan_params(scanner: &mut Scanner<'_>) -> Result<Vec<Param>, TypeError> {
    let mut params: Vec<Param> = Vec::new();
    while scanner.eat_char(',') {
        if scanner.peek() == Some(Token::Punctuation(')')) {
            break;
        }
        // `mut` before a parameter concerns the body only.
        scanner.eat(Token::Name("mut"));
        let name = checked_name(scanner.expect_name("a parameter's name")?, "parameter")?;
        scanner.expect_char(':')?;
        let ty = Type::scan(scanner)?.not_of_slots_only()?;
        if params.iter().any(|param| param.name == name) {
            return Err(TypeError::BadName {
                name,
                what: "parameter",
                problem: "it is there twice".into(),
            });
        }
        params.push(Param { name, ty });
    }
    scanner.expect_char(')')?;
    Ok(params)
}

/// The name itself when it is a plain Rust identifier.
pub(super) fn checked_name(name: &str, what: &'static str) -> Result<String, TypeError> {
    let problem = if !is_identifier(name) {
        "it is not a plain Rust identifier"
    } else if name.starts_with("batos_") || name == "mark_changed" {
        "the name is taken by the system"
    } else {
        return Ok(name.to_owned());
    };
    Err(TypeError::BadName {
        name: name.to_owned(),
        what,
        problem: problem.into(),
    })
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let receiver = match self.receiver {
            Receiver::Shared => "&self",
            Receiver::Mutable => "&mut self",
        };
        write!(f, "fn {}({receiver}", self.name)?;
        for Param { name, ty } in &self.params {
            write!(f, ", {name}: {ty}")?;
        }
        f.write_str(")")?;
        if self.returns != Type::Unit {
            write!(f, " -> {}", self.returns)?;
        }
        Ok(())
    }
}
