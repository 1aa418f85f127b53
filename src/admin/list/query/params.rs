//! The query of a list's address.

/// The keys and values of an address, in the order in which they were written.
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

    /// The same query with some keys replaced, or removed where the value is None. The page starts anew.
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

    /// As one value, to come back to this list after an edit.
    pub fn encode(&self) -> String {
        form_urlencoded::Serializer::new(String::new()).extend_pairs(&self.0).finish()
    }

    /// Whether something is searched for.
    pub fn is_search(&self) -> bool {
        self.get("q").is_some_and(|q| !q.is_empty())
    }

    /// Everything but one key, for a form that replaces it.
    pub fn others(&self, key: &str) -> Vec<(String, String)> {
        self.0.iter().filter(|(name, _)| name != key && name != "p").cloned().collect()
    }

    /// The same, to stand as the value of a key.
    pub fn as_value(&self) -> String {
        form_urlencoded::byte_serialize(self.encode().as_bytes()).collect()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether anything but the order and the page is asked for.
    pub fn narrow(&self) -> bool {
        self.0.iter().any(|(name, _)| !["p", "o", "all", "e", "_facets"].contains(&name.as_str()))
    }
}
