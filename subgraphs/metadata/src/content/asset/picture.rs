//! A small picture that somebody sends: what it is, read from its first bytes and never from what
//! it is said to be. PNG, JPEG, WebP and GIF; no SVG, which can carry scripts.

use base64::{Engine, engine::general_purpose::STANDARD};

/// The largest file, in bytes.
pub const MAX_BYTES: usize = 32 * 1024;
/// The longest side, in pixels.
pub const MAX_SIDE: u32 = 2048;

/// Why a file is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// Not Base64.
    #[error("the file's content is sent as Base64")]
    Base64,
    /// Too large.
    #[error("a picture kept here has at most 32 KiB; give the address of a larger one")]
    Large,
    /// Not one of the four.
    #[error("the file is not a PNG, JPEG, WebP or GIF picture")]
    Kind,
    /// No size, or an absurd one.
    #[error("the picture is empty, broken, or has a side of more than {MAX_SIDE} pixels")]
    Size,
}

/// What a file is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Its media type.
    pub media_type: &'static str,
    /// Width and height in pixels.
    pub size: (u32, u32),
    /// The whole file as an address.
    pub url: String,
}

/// Reads a file.
pub fn read(content: &str) -> Result<Picture, Unfit> {
    if content.len() > MAX_BYTES.div_ceil(3) * 4 {
        return Err(Unfit::Large);
    }
    let bytes = STANDARD.decode(content).map_err(|_| Unfit::Base64)?;
    if bytes.len() > MAX_BYTES {
        return Err(Unfit::Large);
    }
    let (media_type, size) = kind(&bytes).ok_or(Unfit::Kind)?;
    let (width, height) = size.ok_or(Unfit::Size)?;
    if !(1..=MAX_SIDE).contains(&width) || !(1..=MAX_SIDE).contains(&height) {
        return Err(Unfit::Size);
    }
    Ok(Picture {
        media_type,
        size: (width, height),
        url: format!("data:{media_type};base64,{}", STANDARD.encode(&bytes)),
    })
}

type Size = Option<(u32, u32)>;

fn kind(bytes: &[u8]) -> Option<(&'static str, Size)> {
    if let Some(rest) = bytes.strip_prefix(b"\x89PNG\r\n\x1a\n") {
        Some(("image/png", png(rest)))
    } else if let Some(rest) = bytes.strip_prefix(b"\xff\xd8") {
        rest.starts_with(b"\xff")
            .then(|| ("image/jpeg", jpeg(rest)))
    } else if bytes.starts_with(b"GIF87a") || bytes.starts_with(b"GIF89a") {
        Some(("image/gif", gif(bytes)))
    } else if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        Some(("image/webp", webp(bytes)))
    } else {
        None
    }
}

fn big(bytes: &[u8], at: usize, count: usize) -> Option<u32> {
    let bytes = bytes.get(at..at + count)?;
    Some(bytes.iter().fold(0, |n, byte| (n << 8) | u32::from(*byte)))
}

fn little(bytes: &[u8], at: usize, count: usize) -> Option<u32> {
    let bytes = bytes.get(at..at + count)?;
    let all = bytes.iter().rev();
    Some(all.fold(0, |n, byte| (n << 8) | u32::from(*byte)))
}

/// The first chunk is the header.
fn png(rest: &[u8]) -> Size {
    (rest.get(4..8)? == b"IHDR").then_some(())?;
    Some((big(rest, 8, 4)?, big(rest, 12, 4)?))
}

fn gif(bytes: &[u8]) -> Size {
    Some((little(bytes, 6, 2)?, little(bytes, 8, 2)?))
}

/// Segments, up to the one that begins a frame.
fn jpeg(mut rest: &[u8]) -> Size {
    loop {
        let marker = *rest.get(1)?;
        if *rest.first()? != 0xff {
            return None;
        }
        if marker == 0xff {
            rest = &rest[1..];
            continue;
        }
        // Those without a length.
        if marker == 0x01 || (0xd0..=0xd8).contains(&marker) {
            rest = rest.get(2..)?;
            continue;
        }
        let frame = (0xc0..=0xcf).contains(&marker) && ![0xc4, 0xc8, 0xcc].contains(&marker);
        if frame {
            return Some((big(rest, 7, 2)?, big(rest, 5, 2)?));
        }
        let length = big(rest, 2, 2)? as usize;
        rest = rest.get(2 + length.max(2)..)?;
    }
}

/// Lossy, lossless and extended files say it in three ways.
fn webp(bytes: &[u8]) -> Size {
    match bytes.get(12..16)? {
        b"VP8 " => Some((
            little(bytes, 26, 2)? & 0x3fff,
            little(bytes, 28, 2)? & 0x3fff,
        )),
        b"VP8L" => {
            let packed = little(bytes, 21, 4)?;
            Some(((packed & 0x3fff) + 1, ((packed >> 14) & 0x3fff) + 1))
        }
        b"VP8X" => Some((little(bytes, 24, 3)? + 1, little(bytes, 27, 3)? + 1)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// One pixel each, as ImageMagick and libwebp write them.
    const PNG: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
    const GIF: &str = "R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7";
    const WEBP: &str = "UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA";
    const WEBP_LOSSLESS: &str = "UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==";

    #[test]
    fn pictures_are_known_by_their_bytes() {
        for (content, media_type) in [
            (PNG, "image/png"),
            (GIF, "image/gif"),
            (WEBP, "image/webp"),
            (WEBP_LOSSLESS, "image/webp"),
        ] {
            let picture = read(content).unwrap();
            assert_eq!((picture.media_type, picture.size), (media_type, (1, 1)));
            assert_eq!(picture.url, format!("data:{media_type};base64,{content}"));
        }
        let jpeg = [
            &b"\xff\xd8\xff\xe0\x00\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0"[..],
            b"\xff\xc0\x00\x0b\x08\x00\x10\x00\x20\x01\x01\x11\x00",
        ]
        .concat();
        let picture = read(&STANDARD.encode(jpeg)).unwrap();
        assert_eq!((picture.media_type, picture.size), ("image/jpeg", (32, 16)));
    }

    #[test]
    fn other_files_are_not_taken() {
        let of = |bytes: &[u8]| read(&STANDARD.encode(bytes)).unwrap_err();
        assert_eq!(read("no Base64!").unwrap_err(), Unfit::Base64);
        assert_eq!(of(b""), Unfit::Kind);
        assert_eq!(
            of(b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>"),
            Unfit::Kind
        );
        assert_eq!(of(b"\x89PNG\r\n\x1a\n"), Unfit::Size);
        assert_eq!(of(b"GIF89a\0\0\0\0"), Unfit::Size);
        assert_eq!(of(&vec![0; MAX_BYTES + 1]), Unfit::Large);
        assert_eq!(read(&"A".repeat(1 << 20)).unwrap_err(), Unfit::Large);
        // A picture that would unpack to gigabytes.
        let huge = [
            &b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"[..],
            &60_000u32.to_be_bytes(),
            &60_000u32.to_be_bytes(),
        ]
        .concat();
        assert_eq!(of(&huge), Unfit::Size);
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_stumble(head in 0usize..5, bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let heads: [&[u8]; 5] = [b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF89a", b"RIFF\0\0\0\0WEBPVP8X"];
            let _ = read(&STANDARD.encode([heads[head], &bytes].concat()));
        }
    }
}
