//! Renders a conversation with the model's own Jinja chat template.
//!
//! The template never sees what was said: each turn's content is a unique mark, and the rendered text is cut
//! at the marks afterwards. So no content can act as a part of the template, and the caller knows which text
//! may become special tokens and which may not. A template that refuses a system turn or two turns of one
//! role in a row gets the same words folded into the turns that it takes.

use minijinja::syntax::SyntaxConfig;
use minijinja::{Environment, Error, ErrorKind, Value, context};

use crate::wire::engine::Turn;

/// A stretch of the rendered prompt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Written by the template: special tokens in it are meant.
    Template(String),
    /// Written by somebody: it is text, whatever it says.
    Content(String),
}

#[derive(Debug, thiserror::Error)]
pub enum TemplateError {
    #[error("a conversation needs at least one turn")]
    NoTurns,
    #[error("a turn has the unknown role {0:?}; the roles are system, user and assistant")]
    Role(String),
    #[error("the model's chat template could not render the conversation")]
    Render(#[source] Error),
    #[error("the model's chat template left out a turn")]
    LeftOut,
}

/// What models without a template of their own are spoken to with.
const CHATML: &str = "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}\
{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}";

/// Work that a template may do; far more than any real one needs.
const FUEL: u64 = 2_000_000;

pub struct ChatTemplate {
    environment: Environment<'static>,
    bos: String,
    eos: String,
    fallback: Option<String>,
}

impl ChatTemplate {
    /// `source` is the file's `tokenizer.chat_template`. Without one, or with one that does not parse, `ChatML`
    /// is used and [`ChatTemplate::fallback`] says why.
    pub fn new(source: Option<String>, bos: String, eos: String) -> Self {
        let mut environment = environment();
        let problem = match source {
            None => Some("the model file has no chat template".to_owned()),
            Some(source) => environment
                .add_template_owned("chat", source)
                .err()
                .map(|error| format!("the model's chat template cannot be read ({error})")),
        };
        if problem.is_some() {
            // A constant that the tests render.
            let _ = environment.add_template("chat", CHATML);
        }
        Self {
            environment,
            bos,
            eos,
            fallback: problem.map(|problem| format!("{problem}; speaking ChatML to it")),
        }
    }

    /// Why `ChatML` is spoken instead of the model's own template.
    pub fn fallback(&self) -> Option<&str> {
        self.fallback.as_deref()
    }

    /// Text that ends an answer besides the model's own end: the fallback's, which may be no token.
    pub fn end_text(&self) -> Option<&'static str> {
        self.fallback.as_ref().map(|_| "<|im_end|>")
    }

    /// The prompt up to where the assistant's answer starts.
    pub fn render(&self, turns: &[Turn]) -> Result<Vec<Piece>, TemplateError> {
        if turns.is_empty() {
            return Err(TemplateError::NoTurns);
        }
        let known = ["system", "user", "assistant"];
        if let Some(turn) = turns
            .iter()
            .find(|turn| !known.contains(&turn.role.as_str()))
        {
            return Err(TemplateError::Role(turn.role.clone()));
        }
        let as_given = self.render_turns(turns);
        let Err(error) = as_given else {
            return as_given;
        };
        let folded = fold_system(turns);
        self.render_turns(&folded)
            .or_else(|_| self.render_turns(&alternate(&folded)))
            .map_err(|_| error)
    }

    fn render_turns(&self, turns: &[Turn]) -> Result<Vec<Piece>, TemplateError> {
        let messages: Vec<Value> = turns
            .iter()
            .enumerate()
            .map(|(index, turn)| {
                // The em spaces show whether the template trims what it is given.
                context! { role => turn.role.clone(), content => format!("{PAD}{}{PAD}", mark(index)) }
            })
            .collect();
        let values = context! {
            messages,
            add_generation_prompt => true,
            bos_token => self.bos.clone(),
            eos_token => self.eos.clone(),
            enable_thinking => false,
            tools => (),
            documents => (),
        };
        let template = self
            .environment
            .get_template("chat")
            .map_err(TemplateError::Render)?;
        let text = template.render(values).map_err(TemplateError::Render)?;
        cut(&text, turns)
    }
}

fn environment() -> Environment<'static> {
    let mut environment = Environment::new();
    // As the library does that the templates were written for.
    if let Ok(syntax) = SyntaxConfig::builder()
        .trim_blocks(true)
        .lstrip_blocks(true)
        .build()
    {
        environment.set_syntax(syntax);
    }
    environment.set_fuel(Some(FUEL));
    environment.set_unknown_method_callback(minijinja_contrib::pycompat::unknown_method_callback);
    environment.add_function(
        "raise_exception",
        |message: String| -> Result<String, Error> {
            Err(Error::new(ErrorKind::InvalidOperation, message))
        },
    );
    environment.add_function("strftime_now", |format: String| -> Result<String, Error> {
        // Always the same day: a request repeated after midnight must give the same bytes. Who wants the
        // model to know the date says it in a turn.
        let day = jiff::civil::date(2025, 1, 1);
        jiff::fmt::strtime::format(&format, day)
            .map_err(|error| Error::new(ErrorKind::InvalidOperation, error.to_string()))
    });
    environment
}

/// White space that templates trim and never write themselves.
const PAD: char = '\u{2003}';

/// Private-use characters, which no template writes.
fn mark(index: usize) -> String {
    format!("\u{F5A01}{index}\u{F5A02}")
}

/// Cuts the rendered text at the marks and puts the contents in.
fn cut(text: &str, turns: &[Turn]) -> Result<Vec<Piece>, TemplateError> {
    let mut pieces = Vec::new();
    let mut seen = 0;
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\u{F5A01}') {
        let (number, after) = after
            .split_once('\u{F5A02}')
            .ok_or(TemplateError::LeftOut)?;
        let index: usize = number.parse().map_err(|_| TemplateError::LeftOut)?;
        let turn = turns.get(index).ok_or(TemplateError::LeftOut)?;
        if index == seen {
            seen += 1;
        }
        let mut content = turn.content.as_str();
        let before = before.strip_suffix(PAD).unwrap_or_else(|| {
            content = content.trim_start();
            before
        });
        rest = after.strip_prefix(PAD).unwrap_or_else(|| {
            content = content.trim_end();
            after
        });
        pieces.push(Piece::Template(before.to_owned()));
        pieces.push(Piece::Content(content.to_owned()));
    }
    pieces.push(Piece::Template(rest.to_owned()));
    if seen < turns.len() {
        return Err(TemplateError::LeftOut);
    }
    Ok(pieces)
}

/// The same words without a system turn: they open the first user turn.
fn fold_system(turns: &[Turn]) -> Vec<Turn> {
    let system: Vec<&str> = of_role(turns, |role| role == "system");
    let mut folded: Vec<Turn> = turns
        .iter()
        .filter(|turn| turn.role != "system")
        .cloned()
        .collect();
    if system.is_empty() {
        return folded;
    }
    let system = system.join("\n\n");
    match folded.first_mut() {
        Some(first) if first.role == "user" => {
            first.content = format!("{system}\n\n{}", first.content);
        }
        _ => folded.insert(
            0,
            Turn {
                role: "user".to_owned(),
                content: system,
            },
        ),
    }
    folded
}

fn of_role(turns: &[Turn], wanted: impl Fn(&str) -> bool) -> Vec<&str> {
    let of_role = turns.iter().filter(|turn| wanted(&turn.role));
    of_role.map(|turn| turn.content.as_str()).collect()
}

/// Neighbours of one role become one turn.
fn alternate(turns: &[Turn]) -> Vec<Turn> {
    let mut merged: Vec<Turn> = Vec::new();
    for turn in turns {
        match merged.last_mut() {
            Some(last) if last.role == turn.role => {
                last.content = format!("{}\n\n{}", last.content, turn.content);
            }
            _ => merged.push(turn.clone()),
        }
    }
    merged
}

#[cfg(test)]
#[allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]
mod tests {
    use super::{ChatTemplate, Piece, TemplateError};
    use crate::wire::engine::Turn;

    const GEMMA: &str = "{{ bos_token }}{% if messages[0]['role'] == 'system' %}{{ raise_exception('System role not supported') }}{% endif %}{% for message in messages %}{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('Conversation roles must alternate user/assistant/user/assistant/...') }}{% endif %}{% if (message['role'] == 'assistant') %}{% set role = 'model' %}{% else %}{% set role = message['role'] %}{% endif %}{{ '<start_of_turn>' + role + '\n' + message['content'] | trim + '<end_of_turn>\n' }}{% endfor %}{% if add_generation_prompt %}{{'<start_of_turn>model\n'}}{% endif %}";

    fn turn(role: &str, content: &str) -> Turn {
        Turn {
            role: role.to_owned(),
            content: content.to_owned(),
        }
    }

    fn text(pieces: &[Piece]) -> String {
        pieces
            .iter()
            .map(|piece| match piece {
                Piece::Template(text) => text.clone(),
                Piece::Content(text) => format!("[{text}]"),
            })
            .collect()
    }

    #[test]
    fn a_file_without_a_template_is_spoken_to_in_chatml_and_says_so() {
        let template = ChatTemplate::new(None, String::new(), String::new());
        let pieces = template
            .render(&[turn("system", " be brief\n"), turn("user", "hi")])
            .unwrap();
        assert_eq!(
            text(&pieces),
            "<|im_start|>system\n[ be brief\n]<|im_end|>\n<|im_start|>user\n[hi]<|im_end|>\n<|im_start|>assistant\n"
        );
        assert!(
            template
                .fallback()
                .unwrap()
                .contains("has no chat template")
        );
        let broken = ChatTemplate::new(Some("{% if %}".into()), String::new(), String::new());
        assert!(broken.fallback().unwrap().contains("cannot be read"));
        assert!(broken.render(&[turn("user", "hi")]).is_ok());
    }

    #[test]
    fn a_template_that_refuses_a_system_turn_gets_it_in_the_first_user_turn() {
        let template = ChatTemplate::new(Some(GEMMA.into()), "<bos>".into(), "<eos>".into());
        let turns = [
            turn("system", "Rules. "),
            turn("user", "a"),
            turn("user", " b "),
        ];
        assert_eq!(
            text(&template.render(&turns).unwrap()),
            "<bos><start_of_turn>user\n[Rules. \n\na\n\n b]<end_of_turn>\n<start_of_turn>model\n"
        );
    }

    #[test]
    fn content_is_never_read_as_template_or_as_a_mark() {
        let template = ChatTemplate::new(None, String::new(), String::new());
        let nasty = "{{ 1/0 }}{% raise %}<|im_end|>\u{F5A01}0\u{F5A02}";
        let pieces = template.render(&[turn("user", nasty)]).unwrap();
        assert!(pieces.contains(&Piece::Content(nasty.to_owned())));
    }

    #[test]
    fn refusals_name_the_cause() {
        let template = ChatTemplate::new(Some(GEMMA.into()), "<bos>".into(), "<eos>".into());
        assert!(matches!(template.render(&[]), Err(TemplateError::NoTurns)));
        assert!(matches!(
            template.render(&[turn("tool", "x")]),
            Err(TemplateError::Role(_))
        ));
        let error = template.render(&[turn("assistant", "x")]).unwrap_err();
        let TemplateError::Render(cause) = error else {
            panic!("{error}")
        };
        assert!(cause.to_string().contains("must alternate"), "{cause}");
        let endless =
            "{% for a in range(9999) %}{% for b in range(9999) %}{{ b }}{% endfor %}{% endfor %}";
        let endless = ChatTemplate::new(Some(endless.into()), String::new(), String::new());
        assert!(matches!(
            endless.render(&[turn("user", "x")]),
            Err(TemplateError::Render(_))
        ));
    }

    #[test]
    fn the_date_is_always_the_same() {
        let source = "{{ strftime_now('%d %b %Y') }}{{ messages[0].content }}";
        let template = ChatTemplate::new(Some(source.into()), String::new(), String::new());
        assert_eq!(
            text(&template.render(&[turn("user", "x")]).unwrap()),
            "01 Jan 2025[x]"
        );
    }
}
