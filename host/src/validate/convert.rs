//! What the user wrote, in the type that the option has.

use crate::contract::{Kind, OptionInfo, Setting};

/// The setting in the option's type and within its bounds, or what was expected.
pub fn fitting(setting: Setting, info: &OptionInfo) -> Result<Setting, String> {
    convert(setting, info).and_then(|setting| within(setting, info))
}

fn convert(setting: Setting, info: &OptionInfo) -> Result<Setting, String> {
    use Setting::{Boolean, Integer, Number, Secret, Text};
    Ok(match (info.kind, setting) {
        (_, Secret(secret)) => Secret(secret),
        (Kind::Integer, Integer(n)) => Integer(n),
        (Kind::Integer, Text(text)) => Integer(text.parse().map_err(|_| "a whole number".to_owned())?),
        (Kind::Integer, _) => return Err("a whole number".to_owned()),
        (Kind::Number, Integer(n)) => Integer(n),
        (Kind::Number, Number(n)) => Number(n),
        (Kind::Number, Text(text)) => {
            let number: f64 = text.parse().map_err(|_| "a number".to_owned())?;
            if number.is_finite() { Number(number) } else { return Err("a number".to_owned()) }
        }
        (Kind::Number, Boolean(_)) => return Err("a number".to_owned()),
        (Kind::Boolean, Boolean(value)) => Boolean(value),
        (Kind::Boolean, Text(text)) if text == "true" || text == "false" => Boolean(text == "true"),
        (Kind::Boolean, _) => return Err("true or false".to_owned()),
        (Kind::OneOf, setting) => {
            let text = shown(&setting);
            if !info.choices.contains(&text) {
                return Err(format!("one of {}", info.choices.join(", ")));
            }
            Text(text)
        }
        (Kind::Path | Kind::SecretFile, Text(path)) if path.starts_with('/') || path.starts_with("~/") => {
            Text(path)
        }
        (Kind::Path | Kind::SecretFile, _) => {
            return Err("a reference {secretName: …, key: …} to the content, or a path in the pod".to_owned());
        }
        (Kind::Text | Kind::Secret | Kind::SecretUri, Boolean(_)) => {
            return Err("text; put quotes around it".to_owned());
        }
        (Kind::Text | Kind::Secret | Kind::SecretUri, setting) => Text(shown(&setting)),
    })
}

/// The setting, if it is within the option's bounds.
fn within(setting: Setting, info: &OptionInfo) -> Result<Setting, String> {
    let number = match setting {
        #[allow(clippy::cast_precision_loss)] // Bounds are far below 2^52.
        Setting::Integer(number) => number as f64,
        Setting::Number(number) => number,
        _ => return Ok(setting),
    };
    let (minimum, maximum) = (info.minimum.unwrap_or(f64::MIN), info.maximum.unwrap_or(f64::MAX));
    if (minimum..=maximum).contains(&number) {
        return Ok(setting);
    }
    Err(match (info.minimum, info.maximum) {
        (Some(minimum), Some(maximum)) => format!("a number from {minimum} to {maximum}"),
        (Some(minimum), None) => format!("{minimum} or more"),
        _ => format!("{maximum} or less"),
    })
}

fn shown(setting: &Setting) -> String {
    match setting {
        Setting::Text(text) => text.clone(),
        Setting::Integer(number) => number.to_string(),
        Setting::Number(number) => number.to_string(),
        Setting::Boolean(value) => value.to_string(),
        Setting::Secret(_) => String::new(),
    }
}
