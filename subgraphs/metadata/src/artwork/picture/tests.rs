use super::*;

/// A picture whose left half is of one colour and its right of another.
fn halves(width: u32, height: u32, left: [u8; 3], right: [u8; 3]) -> Picture {
    let rgb = (0..height)
        .flat_map(|_| (0..width).flat_map(|x| if x < width / 2 { left } else { right }))
        .collect();
    Picture { width, height, rgb }
}

fn close(one: [u8; 3], other: [u8; 3]) -> bool {
    one.iter().zip(other).all(|(a, b)| a.abs_diff(b) <= 6)
}

fn at(picture: &Picture, x: u32, y: u32) -> [u8; 3] {
    let at = 3 * (y * picture.width + x) as usize;
    [0, 1, 2].map(|c| picture.rgb[at + c])
}

const RED: [u8; 3] = [220, 30, 40];
const BLUE: [u8; 3] = [20, 60, 200];

fn png_of(width: u32, height: u32, color: png::ColorType, pixels: &[u8]) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, width, height);
    encoder.set_color(color);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header().expect("a header");
    writer.write_image_data(pixels).expect("pixels");
    drop(writer);
    file
}

#[test]
fn what_we_write_a_decoder_reads_as_it_was() {
    for (width, height) in [(64, 48), (1, 1), (17, 33), (200, 3)] {
        let picture = halves(width, height, RED, BLUE);
        let file = picture.write();
        let read = Picture::read(&file).expect("our own file");
        assert_eq!((read.width, read.height), (width, height));
        assert!(
            close(at(&read, 0, height / 2), at(&picture, 0, 0)),
            "{width}"
        );
        let last = width - 1;
        assert!(close(at(&read, last, 0), at(&picture, last, 0)), "{width}");
    }
}

#[test]
fn noise_survives_writing_too() {
    // Every length of code is used by something like this.
    let mut seed = 7_u32;
    let rgb: Vec<u8> = (0..96 * 80)
        .flat_map(|_| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            // Grey: brightness is kept in each pixel, colour in every fourth.
            [(seed >> 24) as u8; 3]
        })
        .collect();
    let file = jpeg::write(&rgb, 96, 80, 98);
    let read = Picture::read(&file).expect("our own file");
    let wrong: f64 = rgb
        .iter()
        .zip(&read.rgb)
        .map(|(a, b)| f64::from(a.abs_diff(*b)))
        .sum();
    let wrong = wrong / rgb.len() as f64;
    assert!(wrong < 4.0, "{wrong}");
}

#[test]
fn a_picture_is_made_smaller_in_its_own_proportions_and_never_larger() {
    let picture = halves(600, 900, RED, BLUE);
    let small = picture.at_most(160);
    assert_eq!((small.width, small.height), (160, 240));
    assert_eq!((at(&small, 10, 100), at(&small, 150, 100)), (RED, BLUE));
    assert_eq!(picture.at_most(1920), picture);
    let line = halves(4000, 1, RED, BLUE).at_most(160);
    assert_eq!((line.width, line.height), (160, 1));
    // The middle of seven is the mean of both halves' pixels that it covers.
    let odd = halves(6, 1, [0; 3], [255; 3]).at_most(5);
    assert_eq!(odd.rgb.len(), 15);
    assert!((120..136).contains(&at(&odd, 2, 0)[0]), "{:?}", odd.rgb);
}

#[test]
fn png_and_webp_are_read_and_what_is_clear_shows_the_page() {
    let clear: Vec<u8> = [[255, 0, 0, 255], [255, 0, 0, 0]].concat();
    let read = Picture::read(&png_of(2, 1, png::ColorType::Rgba, &clear)).expect("a PNG");
    assert_eq!((at(&read, 0, 0), at(&read, 1, 0)), ([255, 0, 0], BEHIND));
    let grey = Picture::read(&png_of(1, 1, png::ColorType::Grayscale, &[90])).expect("grey");
    assert_eq!(at(&grey, 0, 0), [90; 3]);

    let picture = halves(20, 10, RED, BLUE);
    let mut file = Vec::new();
    image_webp::WebPEncoder::new(&mut file)
        .encode(&picture.rgb, 20, 10, image_webp::ColorType::Rgb8)
        .expect("a WebP");
    assert_eq!(Picture::read(&file).expect("a WebP"), picture);
}

#[test]
fn what_is_no_picture_is_refused_whatever_it_is_called() {
    for stranger in [
        &b""[..],
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<?xml version='1.0'?><svg/>",
        b"<!doctype html><title>503</title>",
        b"GIF89a\x01\x00\x01\x00",
        b"\x00\x00\x00\x20ftypavif",
        b"RIFF\x10\x00\x00\x00WAVEfmt ",
    ] {
        assert_eq!(Picture::read(stranger), Err(NoPicture::Kind));
    }
}

#[test]
fn a_bomb_is_refused_before_it_goes_off() {
    // A few bytes that promise four billion pixels.
    let mut bomb = png_of(1, 1, png::ColorType::Grayscale, &[0]);
    bomb[16..20].copy_from_slice(&65_535_u32.to_be_bytes());
    bomb[20..24].copy_from_slice(&65_535_u32.to_be_bytes());
    let crc = crc(&bomb[12..29]);
    bomb[29..33].copy_from_slice(&crc.to_be_bytes());
    assert_eq!(Picture::read(&bomb), Err(NoPicture::TooLarge));

    let mut jpeg = halves(8, 8, RED, BLUE).write();
    let frame = jpeg
        .windows(2)
        .position(|w| w == [0xFF, 0xC0])
        .expect("a frame");
    jpeg[frame + 5..frame + 9].copy_from_slice(&[0xFF, 0xFF, 0xFF, 0xFF]);
    assert!(matches!(
        Picture::read(&jpeg),
        Err(NoPicture::TooLarge | NoPicture::Broken)
    ));
    // Not too long either way, but too many together.
    jpeg[frame + 5..frame + 9].copy_from_slice(&[0x1F, 0xFF, 0x1F, 0xFF]);
    assert_eq!(Picture::read(&jpeg), Err(NoPicture::TooLarge));
}

#[test]
fn broken_files_end_in_an_error_and_not_in_a_panic() {
    let picture = halves(40, 30, RED, BLUE);
    let mut webp = Vec::new();
    image_webp::WebPEncoder::new(&mut webp)
        .encode(&picture.rgb, 40, 30, image_webp::ColorType::Rgb8)
        .expect("a WebP");
    let png = png_of(40, 30, png::ColorType::Rgb, &picture.rgb);
    for file in [picture.write(), png, webp] {
        for length in 0..file.len() {
            // Some of it may do for a picture; all of it must end.
            let _ = Picture::read(&file[..length]);
        }
        let mut seed = 1_u32;
        for _ in 0..2000 {
            let mut broken = file.clone();
            for _ in 0..3 {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let at = (seed >> 8) as usize % broken.len();
                broken[at] = seed as u8;
            }
            let _ = Picture::read(&broken);
        }
    }
}

#[test]
fn a_placeholder_is_a_few_letters_and_the_same_each_time() {
    let one = halves(600, 900, RED, BLUE).placeholder();
    assert!((20..=48).contains(&one.len()), "{one}");
    assert_eq!(one, halves(600, 900, RED, BLUE).placeholder());
    assert_ne!(one, halves(600, 900, BLUE, RED).placeholder());
    assert!(!halves(1, 1, RED, RED).placeholder().is_empty());
}

/// The check of a PNG's chunk.
fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            if crc & 1 == 1 {
                (crc >> 1) ^ 0xEDB8_8320
            } else {
                crc >> 1
            }
        })
    })
}
