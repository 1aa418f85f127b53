//! The query string of a list.

/// The keys and values of a query string, in the order in which they were written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Params(Vec<(String, String)>);

impl Params {
    pub fn parse(query: &str) -> Self {
        Self(form_urlencoded::parse(query.as_bytes()).into_owned().collect())
    }

    pub(super) fn rename(self, name: impl Fn(&str) -> Option<&'static str>) -> Self {
        let pair = |(key, value): (String, String)| (name(&key).map_or(key, str::to_owned), value);
        Self(self.0.into_iter().map(pair).collect())
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    pub fn get(&self, key: &str) -> Option<&str> {
        self.0.iter().rev().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
    }

    /// The same query string with some keys replaced, or removed where the value is None. The page number is dropped,
    /// because the new list begins at its first page.
    pub fn with(&self, changes: &[(&str, Option<&str>)]) -> String {
        let kept = self.0.iter().filter(|(name, _)| name != "p" && !changes.iter().any(|(key, _)| key == name));
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (name, value) in kept {
            query.append_pair(name, value);
        }
        for (key, value) in changes {
            if let Some(value) = value {
                query.append_pair(key, value);
            }
        }
        format!("?{}", query.finish())
    }

    /// The query string as one text, which is kept to come back to this list after an edit.
    pub fn encode(&self) -> String {
        form_urlencoded::Serializer::new(String::new()).extend_pairs(&self.0).finish()
    }

    /// Whether the search text is not empty.
    pub fn is_search(&self) -> bool {
        self.get("q").is_some_and(|q| !q.is_empty())
    }

    /// All keys and values but one key and the page number, as the hidden inputs of a form that sets that key.
    pub fn others(&self, key: &str) -> Vec<(String, String)> {
        self.0.iter().filter(|(name, _)| name != key && name != "p").cloned().collect()
    }

    /// The query string encoded as the value of a key in another query string.
    pub fn as_value(&self) -> String {
        form_urlencoded::byte_serialize(self.encode().as_bytes()).collect()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether any key other than those of the order and the page is set.
    pub fn narrow(&self) -> bool {
        self.0.iter().any(|(name, _)| !["p", "o", "all", "e", "_facets"].contains(&name.as_str()))
    }
}
