//! Characters that names of people, games and lists must not have.

/// Whether `c` changes the direction of what stands around it. Text in any script does without: its
/// letters have a direction of their own. In a name that others see, it lets one text pass for
/// another.
pub const fn turns(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::turns;

    #[test]
    fn only_what_turns_the_line_around_is_meant() {
        assert!("\u{202A}\u{202E}\u{2066}\u{2069}".chars().all(turns));
        assert!(!"Zelda ゼルダ שלום \u{200F}é".chars().any(turns));
    }
}
