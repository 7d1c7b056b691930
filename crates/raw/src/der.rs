//! The elements of DER data (ITU-T X.690), such as certificates.

/// Splits the first element of the data off: its tag, its content and the rest. Returns `None` if it is not complete,
/// or if its length has more than four bytes.
#[must_use]
pub fn element(data: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (tag, rest) = data.split_first()?;
    let (first, rest) = rest.split_first()?;
    let (length, rest) = match first {
        0..=0x7f => (usize::from(*first), rest),
        0x81..=0x84 => {
            let (bytes, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
            (bytes.iter().fold(0, |length, byte| length << 8 | usize::from(*byte)), rest)
        }
        _ => return None,
    };
    let (content, rest) = rest.split_at_checked(length)?;
    Some((*tag, content, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_element_has_a_tag_a_length_and_a_content() {
        let long = [&[0x04, 0x82, 1, 0][..], &[7; 256], &[9]].concat();
        for (data, expected) in [
            (&[0x02, 1, 7, 8][..], Some((0x02, &[7][..], &[8][..]))),
            (&[0x05, 0], Some((0x05, &[], &[]))),
            (&[0x04, 0x81, 1, 7], Some((0x04, &[7], &[]))),
            (&long, Some((0x04, &[7; 256], &[9]))),
            (&[], None),
            (&[0x02], None),
            (&[0x02, 2, 7], None),
            (&[0x30, 0x80, 0, 0], None),
            (&[0x30, 0x85, 0, 0, 0, 0, 1, 7], None),
        ] {
            assert_eq!(element(data), expected, "{data:?}");
        }
    }
}
