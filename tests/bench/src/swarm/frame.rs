//! What a server's frames hold, as far as a follower of the bench needs it (RFC 6455, 5.2).

/// A ping of graphql-transport-ws.
pub const PING: &[u8] = br#"{"type":"ping"}"#;
/// The answer to it, as a client's frame: masked, with zeros, which leave it as it is.
pub const PONG: &[u8] = b"\x81\x8f\0\0\0\0{\"type\":\"pong\"}";

/// The payload of the first frame and what comes after it; nothing until the whole of it is there.
pub fn first(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (begin, length) = match bytes.get(1)? & 0x7f {
        126 => (4, u64::from(u16::from_be_bytes(array(bytes)?))),
        127 => (10, u64::from_be_bytes(array(bytes)?)),
        short => (2, u64::from(short)),
    };
    let end = usize::try_from(length).ok()?.checked_add(begin)?;
    Some((bytes.get(begin..end)?, bytes.get(end..)?))
}

/// The length that does not fit the second byte.
fn array<const N: usize>(bytes: &[u8]) -> Option<[u8; N]> {
    bytes.get(2..2 + N)?.try_into().ok()
}

/// The changes in a message, by their `{"count":N}`; reading it whole would cost more than the hub.
pub fn changes(message: &[u8]) -> Vec<u64> {
    let text = str::from_utf8(message).unwrap_or_default();
    let counts = text.split(r#""count":"#).skip(1);
    counts
        .filter_map(|rest| {
            let digits = rest.split(|c: char| !c.is_ascii_digit()).next()?;
            digits.parse().ok()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn framed(payload: &[u8]) -> Vec<u8> {
        let mut frame = vec![0x81];
        match u16::try_from(payload.len()) {
            Ok(short @ 0..126) => frame.push(short as u8),
            Ok(length) => {
                frame.push(126);
                frame.extend(length.to_be_bytes());
            }
            Err(_) => {
                frame.push(127);
                frame.extend((payload.len() as u64).to_be_bytes());
            }
        }
        frame.extend(payload);
        frame
    }

    #[test]
    fn frames_of_every_length_are_read_one_after_the_other() {
        for length in [0, 1, 125, 126, 300, 65_535, 65_536, 70_000] {
            let payload = vec![b'x'; length];
            let frame = framed(&payload);
            let both = [frame.clone(), framed(PING)].concat();
            let (found, others) = first(&both).expect("a whole frame");
            assert_eq!(found, payload);
            assert_eq!(first(others), Some((PING, &[][..])));
            assert_eq!(first(&frame[..frame.len() - 1]), None, "its end is missing");
        }
        assert_eq!(first(&[]), None);
        assert_eq!(first(&[0x81]), None);
    }

    #[test]
    fn a_message_tells_of_its_changes_in_their_order() {
        let message = br#"{"changes":[{"patch":{"count":7}},{"patch":{"count":18}}]}"#;
        assert_eq!(changes(message), [7, 18]);
        assert_eq!(changes(PING), [] as [u64; 0]);
    }
}
