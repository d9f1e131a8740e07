//! Cuts running text into sentences.

/// The quotation marks and brackets that may close behind the end of a sentence.
const CLOSING: &[char] = &['\'', '"', ')', ']', '»', '”'];

/// Gives a text with each run of white space as one space, and none at its ends.
pub(super) fn collapse(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Cuts a text after every full stop or question mark that ends a sentence, with what closes after it.
///
/// White space follows such an end, no round bracket is open there, and no other full stop stands beside it.
pub(super) fn sentences(text: &str) -> Vec<String> {
    let text: Vec<char> = collapse(text).chars().collect();
    let mut found = Vec::new();
    let (mut from, mut at, mut open) = (0, 0, 0_usize);
    while at < text.len() {
        match text[at] {
            '(' => open += 1,
            ')' => open = open.saturating_sub(1),
            '.' | '?' if !beside_a_stop(&text, at) => {
                let closing = text[at + 1..].iter().take_while(|c| CLOSING.contains(c));
                let (length, brackets) = closing.fold((0, 0), |(n, b), c| (n + 1, b + usize::from(*c == ')')));
                let end = at + 1 + length;
                if open <= brackets && text.get(end) == Some(&' ') {
                    found.push(text[from..end].iter().collect());
                    (from, at, open) = (end + 1, end, 0);
                }
            }
            _ => {}
        }
        at += 1;
    }
    let rest: String = text[from.min(text.len())..].iter().collect();
    found.extend((!rest.is_empty()).then_some(rest));
    found
}

fn beside_a_stop(text: &[char], at: usize) -> bool {
    let before = at > 0 && text[at - 1] == '.';
    before || text.get(at + 1) == Some(&'.')
}
