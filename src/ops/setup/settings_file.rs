//! Changes single keys of a settings file, and leaves everything else in it as it is.

use config::{Config, File, FileFormat, Value};

/// The value of a key of the top table, if the file sets it.
///
/// # Errors
/// If the text is no TOML.
pub fn get(text: &str, key: &str) -> Result<Option<Value>, String> {
    let file = Config::builder().add_source(File::from_str(text, FileFormat::Toml)).build();
    Ok(file.map_err(|error| error.to_string())?.get::<Value>(key).ok())
}

/// The text with `key = value` in the place of the line that sets the key or, if none does, of the line that shows its
/// default. `value` is TOML.
///
/// # Errors
/// If the value would not be the file's afterwards, such as where a list has several lines.
pub fn set(text: &str, key: &str, value: &str) -> Result<String, String> {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let top = lines.iter().position(|line| line.starts_with('[')).unwrap_or(lines.len());
    let sets = |line: &String, start: &str| {
        line.strip_prefix(start)
            .and_then(|rest| rest.strip_prefix(key))
            .is_some_and(|rest| rest.trim_start().starts_with('='))
    };
    let place = ["", "#"].iter().find_map(|start| lines[..top].iter().position(|line| sets(line, start)));
    match place {
        Some(at) => {
            // With the spaces before it.
            let begin = |comment: usize| lines[at][..comment].trim_end().len();
            let comment =
                lines[at].rfind("  #").map_or(String::new(), |comment| lines[at][begin(comment)..].to_owned());
            lines[at] = format!("{key} = {value}{comment}");
        }
        None => lines.insert(top, format!("{key} = {value}")),
    }
    let text = lines.join("\n") + "\n";
    let wanted = get(&format!("{key} = {value}"), key)?;
    match get(&text, key) {
        Ok(found)
            if wanted.is_some()
                && found.as_ref().map(|value| &value.kind) == wanted.as_ref().map(|value| &value.kind) =>
        {
            Ok(text)
        }
        _ => Err(format!("write `{key} = {value}` into it by hand")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "# one = 1\none = 1\n#two = \"b\"      # such as \"c\"\n\n[table]\n#three = 3\n";

    #[test]
    fn a_key_is_changed_where_it_stands() {
        assert_eq!(set(FILE, "one", "2").unwrap(), FILE.replace("\none = 1", "\none = 2"));
        assert_eq!(set(FILE, "two", "\"d\"").unwrap(), FILE.replace("#two = \"b\"", "two = \"d\""));
        assert_eq!(set(FILE, "three", "4").unwrap(), FILE.replace("\n[table]", "\nthree = 4\n[table]"));
        assert_eq!(set("", "four", "[\"a\"]").unwrap(), "four = [\"a\"]\n");
    }

    #[test]
    fn what_cannot_be_changed_by_one_line_is_refused() {
        assert!(set("hosts = [\n  \"a\",\n]\n", "hosts", "[\"b\"]").is_err());
    }
}
