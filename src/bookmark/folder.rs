//! Folders of bookmarks, as browsers have them: the names from the outermost one on, separated by "/". A "/" or "\" within
//! a name is written after a "\".

/// The longest path of a folder, in characters.
pub const LONGEST: usize = 500;

/// The path of folders within each other, the outermost first. Of a path that is too long the innermost are left out.
pub fn path<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let mut path = String::new();
    for name in names.map(tidy).filter(|name| !name.is_empty()) {
        let separator = if path.is_empty() { "" } else { "/" };
        let name = format!("{separator}{}", name.replace('\\', "\\\\").replace('/', "\\/"));
        if path.chars().count() + name.chars().count() > LONGEST {
            break;
        }
        path.push_str(&name);
    }
    path
}

/// The names of the folders of a path.
pub fn names(path: &str) -> Vec<String> {
    let (mut names, mut name) = (Vec::new(), String::new());
    let mut characters = path.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => name.extend(characters.next()),
            '/' => names.push(std::mem::take(&mut name)),
            other => name.push(other),
        }
    }
    names.push(name);
    names.iter().map(|name| tidy(name)).filter(|name| !name.is_empty()).collect()
}

/// A typed path without empty names and needless spaces, so that two spellings of one folder are equal.
pub fn tidied(typed: &str) -> String {
    path(names(typed).iter().map(String::as_str))
}

/// A name on one line.
fn tidy(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_path_has_the_names_that_it_was_made_of() {
        assert_eq!(path(["Dev", " PHP  5 ", "", "a/b\\c"].into_iter()), r"Dev/PHP 5/a\/b\\c");
        assert_eq!(names(r"Dev/PHP 5/a\/b\\c"), ["Dev", "PHP 5", r"a/b\c"]);
        assert_eq!(tidied(" /Dev// PHP/ "), "Dev/PHP");
        assert_eq!((tidied(""), tidied("/"), tidied("\\")), Default::default());
        let long = "가".repeat(300);
        assert_eq!(path([long.as_str(), long.as_str()].into_iter()), long);
    }

    proptest! {
        #[test]
        fn a_tidied_path_stays_as_it_is(typed in r"[a/\\ ]{0,30}") {
            prop_assert_eq!(tidied(&tidied(&typed)), tidied(&typed));
        }
    }
}
