//! Addresses with variables: `thing://{id}/part/{n}`.

/// The variables of `template` in `uri`: each as far as the text that follows it, never empty.
/// `None` where the address is another one.
pub(crate) fn variables<'a>(
    mut template: &'a str,
    mut uri: &'a str,
) -> Option<Vec<(&'a str, &'a str)>> {
    let mut values = Vec::new();
    while let Some((before, rest)) = template.split_once('{') {
        let (name, after) = rest.split_once('}')?;
        uri = uri.strip_prefix(before)?;
        let literal = after.split('{').next().unwrap_or_default();
        let end = if literal.is_empty() {
            uri.len()
        } else {
            uri.find(literal)?
        };
        let value = &uri[..end];
        if value.is_empty() || value.contains('/') {
            return None;
        }
        values.push((name, value));
        (uri, template) = (&uri[end..], after);
    }
    (uri == template).then_some(values)
}

#[cfg(test)]
mod tests {
    use super::variables;

    #[test]
    fn an_address_gives_its_variables_and_nothing_else_matches() {
        assert_eq!(
            variables("thing://{id}", "thing://42"),
            Some(vec![("id", "42")])
        );
        assert_eq!(
            variables("thing://{id}/part/{n}", "thing://a/part/7"),
            Some(vec![("id", "a"), ("n", "7")])
        );
        assert_eq!(variables("thing://all", "thing://all"), Some(vec![]));
        for wrong in ["thing://", "thing://a/b", "other://42", "thing://a/part/"] {
            assert_eq!(variables("thing://{id}", wrong), None, "{wrong}");
        }
    }
}
