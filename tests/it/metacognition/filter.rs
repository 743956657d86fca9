//! Filter expressions: what they let through and how mistakes are told.

use batos::metacognition::tail::Line;
use batos::metacognition::{Filter, LogLevel};

fn line() -> Line {
    Line {
        family: "kernel".to_owned(),
        time: jiff::Timestamp::UNIX_EPOCH,
        level: LogLevel::Warn,
        mission: Some(3),
        persona: Some("BRICK".to_owned()),
        event: "mission.state".to_owned(),
        text: "No room = wait".to_owned(),
        fields: serde_json::Map::new(),
        raw: String::new(),
    }
}

#[test]
fn all_terms_must_hold() {
    let accepted = [
        "",
        "mission=3 persona=brick level>=warn event~mission",
        "level<error level!=info level>debug level<=warn",
        "mission>2 mission<=3 mission!=4",
        "room",
        "\"no room\"",
        "\"room = wait\"",
        "text~\"room = w\"",
        "STATE family=kernel",
        "persona!=ROBIN",
    ];
    for expression in accepted {
        assert!(
            expression.parse::<Filter>().unwrap().accepts(&line()),
            "{expression}"
        );
    }
    let refused = [
        "mission=4",
        "persona=ROBIN",
        "persona~bri level>warn",
        "event=mission",
        "\"no  room\"",
        "room window",
        "family!=kernel",
    ];
    for expression in refused {
        assert!(
            !expression.parse::<Filter>().unwrap().accepts(&line()),
            "{expression}"
        );
    }
}

#[test]
fn a_line_without_a_mission_has_no_number() {
    let line = Line {
        mission: None,
        ..line()
    };
    for (expression, accepted) in [
        ("mission=3", false),
        ("mission<9", false),
        ("mission!=3", true),
    ] {
        assert_eq!(
            expression.parse::<Filter>().unwrap().accepts(&line),
            accepted,
            "{expression}"
        );
    }
}

#[test]
fn mistakes_are_named() {
    let error = |expression: &str| expression.parse::<Filter>().unwrap_err().to_string();
    insta::assert_snapshot!(error("misson=3"), @"the filter has no key `misson`: use mission, persona, level, event, text or family");
    insta::assert_snapshot!(error("mission=three"), @"`three` is not a mission number");
    insta::assert_snapshot!(error("level>=loud"), @"`loud` is not a level: use debug, info, warn or error");
    insta::assert_snapshot!(error("mission~3"), @"`mission` cannot be compared by `~`");
    insta::assert_snapshot!(error("event>=a"), @"`event` cannot be compared by `>=`");
    insta::assert_snapshot!(error("text~\"open"), @"a quotation mark in the filter is not closed");
}
