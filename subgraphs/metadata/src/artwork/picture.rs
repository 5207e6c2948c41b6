//! From a stranger's bytes to a small picture of our own.
//!
//! What comes in is one of three kinds by its first bytes, whatever its name or type says; how
//! large it is is read and bounded before a pixel is. What goes out was drawn by us: nothing of the
//! original's bytes is in it.

use super::jpeg;
use base64::{Engine, engine::general_purpose::STANDARD};
use std::io::Cursor;
use zune_core::{bytestream::ZCursor, colorspace::ColorSpace, options::DecoderOptions};

/// No picture has more pixels: 36 MB of them. The largest that providers name have eight million.
const MOST_PIXELS: u64 = 12_000_000;
/// Nor is it longer either way.
const LONGEST: u32 = 8192;
/// The quality of what goes out.
const QUALITY: u8 = 82;
/// What shows through: the colour of the page in the dark.
const BEHIND: [u8; 3] = [24, 24, 27];

/// Why something is no picture that we show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoPicture {
    /// Of another kind: SVG, GIF, a web page, nothing.
    #[error("neither JPEG nor PNG nor WebP")]
    Kind,
    /// More pixels than allowed.
    #[error("too many pixels")]
    TooLarge,
    /// It cannot be read.
    #[error("broken")]
    Broken,
}

/// Pixels, three bytes each: red, green, blue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// How many in a row.
    pub width: u32,
    /// How many rows.
    pub height: u32,
    /// The pixels, row by row.
    pub rgb: Vec<u8>,
}

fn bounded(width: u32, height: u32) -> Result<(), NoPicture> {
    if width == 0 || height == 0 {
        return Err(NoPicture::Broken);
    }
    let fits = width <= LONGEST
        && height <= LONGEST
        && u64::from(width) * u64::from(height) <= MOST_PIXELS;
    if fits {
        Ok(())
    } else {
        Err(NoPicture::TooLarge)
    }
}

impl Picture {
    /// Reads a file. Whatever is in it, this ends, and takes no more memory than its bound.
    pub fn read(bytes: &[u8]) -> Result<Self, NoPicture> {
        match bytes {
            [0xFF, 0xD8, 0xFF, ..] => Self::jpeg(bytes),
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n', ..] => Self::png(bytes),
            [
                b'R',
                b'I',
                b'F',
                b'F',
                _,
                _,
                _,
                _,
                b'W',
                b'E',
                b'B',
                b'P',
                ..,
            ] => Self::webp(bytes),
            _ => Err(NoPicture::Kind),
        }
    }

    fn jpeg(bytes: &[u8]) -> Result<Self, NoPicture> {
        let options = DecoderOptions::default()
            .jpeg_set_out_colorspace(ColorSpace::RGB)
            .jpeg_set_max_scans(64);
        let mut decoder = zune_jpeg::JpegDecoder::new_with_options(ZCursor::new(bytes), options);
        decoder.decode_headers().map_err(|_| NoPicture::Broken)?;
        let info = decoder.info().ok_or(NoPicture::Broken)?;
        let (width, height) = (u32::from(info.width), u32::from(info.height));
        bounded(width, height)?;
        let rgb = decoder.decode().map_err(|_| NoPicture::Broken)?;
        Self::of(width, height, rgb, 3)
    }

    fn png(bytes: &[u8]) -> Result<Self, NoPicture> {
        let limits = png::Limits {
            bytes: 64 * 1024 * 1024,
        };
        let mut decoder = png::Decoder::new_with_limits(Cursor::new(bytes), limits);
        decoder.set_ignore_text_chunk(true);
        decoder.set_transformations(png::Transformations::normalize_to_color8());
        let info = decoder.read_header_info().map_err(|_| NoPicture::Broken)?;
        let (width, height) = (info.width, info.height);
        bounded(width, height)?;
        let mut reader = decoder.read_info().map_err(|_| NoPicture::Broken)?;
        let size = reader.output_buffer_size().ok_or(NoPicture::TooLarge)?;
        let mut pixels = vec![0; size];
        let frame = reader
            .next_frame(&mut pixels)
            .map_err(|_| NoPicture::Broken)?;
        pixels.truncate(frame.buffer_size());
        Self::of(width, height, pixels, frame.color_type.samples())
    }

    fn webp(bytes: &[u8]) -> Result<Self, NoPicture> {
        let mut decoder =
            image_webp::WebPDecoder::new(Cursor::new(bytes)).map_err(|_| NoPicture::Broken)?;
        let (width, height) = decoder.dimensions();
        bounded(width, height)?;
        decoder.set_memory_limit(128 * 1024 * 1024);
        let samples = if decoder.has_alpha() { 4 } else { 3 };
        let size = decoder.output_buffer_size().ok_or(NoPicture::TooLarge)?;
        let mut pixels = vec![0; size];
        decoder
            .read_image(&mut pixels)
            .map_err(|_| NoPicture::Broken)?;
        Self::of(width, height, pixels, samples)
    }

    /// Pixels of `samples` bytes each: grey, grey and how solid, colours, colours and how solid.
    fn of(width: u32, height: u32, pixels: Vec<u8>, samples: usize) -> Result<Self, NoPicture> {
        let count = width as usize * height as usize;
        if pixels.len() != count * samples {
            return Err(NoPicture::Broken);
        }
        let over = |value: u8, solid: u8, behind: u8| {
            let solid = u32::from(solid);
            ((u32::from(value) * solid + u32::from(behind) * (255 - solid)) / 255) as u8
        };
        let rgb = match samples {
            3 => pixels,
            1 => pixels.into_iter().flat_map(|grey| [grey; 3]).collect(),
            2 => pixels
                .chunks_exact(2)
                .flat_map(|p| BEHIND.map(|behind| over(p[0], p[1], behind)))
                .collect(),
            4 => pixels
                .chunks_exact(4)
                .flat_map(|p| [0, 1, 2].map(|c| over(p[c], p[3], BEHIND[c])))
                .collect(),
            _ => return Err(NoPicture::Broken),
        };
        Ok(Self { width, height, rgb })
    }

    /// The picture at most `width` pixels wide, in its own proportions. It is never made larger:
    /// a browser does that as well.
    #[must_use]
    pub fn at_most(&self, width: u32) -> Self {
        if width >= self.width {
            return self.clone();
        }
        let height = u64::from(self.height) * u64::from(width) / u64::from(self.width);
        self.scaled(width, (height as u32).max(1))
    }

    /// Each new pixel is the mean of those it covers, in part where it covers a part.
    fn scaled(&self, width: u32, height: u32) -> Self {
        let columns = cover(self.width, width);
        let rows = cover(self.height, height);
        let stride = 3 * self.width as usize;
        let mut rgb = Vec::with_capacity(3 * width as usize * height as usize);
        let mut narrow = vec![0.0_f32; 3 * width as usize];
        for row in &rows {
            narrow.fill(0.0);
            for (y, share) in row.shares() {
                let line = &self.rgb[y * stride..(y + 1) * stride];
                for (to, column) in narrow.chunks_exact_mut(3).zip(&columns) {
                    for (x, part) in column.shares() {
                        let weight = share * part;
                        for (to, from) in to.iter_mut().zip(&line[3 * x..3 * x + 3]) {
                            *to += weight * f32::from(*from);
                        }
                    }
                }
            }
            rgb.extend(
                narrow
                    .iter()
                    .map(|value| value.round().clamp(0.0, 255.0) as u8),
            );
        }
        Self { width, height, rgb }
    }

    /// As a file.
    pub fn write(&self) -> Vec<u8> {
        // Bounded above, far below what sixteen bits hold.
        jpeg::write(&self.rgb, self.width as u16, self.height as u16, QUALITY)
    }

    /// A ThumbHash in base64: some thirty letters that show the colours until the picture is there.
    pub fn placeholder(&self) -> String {
        let longest = self.width.max(self.height);
        let side = |length: u32| (u64::from(length) * 64 / u64::from(longest)).max(1) as u32;
        let small = if longest > 64 {
            self.scaled(side(self.width), side(self.height))
        } else {
            self.clone()
        };
        let rgba: Vec<u8> = small
            .rgb
            .chunks_exact(3)
            .flat_map(|p| [p[0], p[1], p[2], 255])
            .collect();
        let hash =
            thumbhash::rgba_to_thumb_hash(small.width as usize, small.height as usize, &rgba);
        STANDARD.encode(hash)
    }
}

/// What one new pixel covers of the old ones, in one direction.
struct Cover {
    first: usize,
    /// What part of the first and of the last, and how many there are.
    head: f32,
    tail: f32,
    count: usize,
    total: f32,
}

impl Cover {
    /// Each old pixel, and its share of the new one.
    fn shares(&self) -> impl Iterator<Item = (usize, f32)> + '_ {
        (0..self.count).map(|n| {
            let part = match n {
                0 => self.head,
                n if n + 1 == self.count => self.tail,
                _ => 1.0,
            };
            (self.first + n, part / self.total)
        })
    }
}

fn cover(old: u32, new: u32) -> Vec<Cover> {
    let step = f64::from(old) / f64::from(new);
    (0..new)
        .map(|n| {
            let (from, to) = (
                f64::from(n) * step,
                (f64::from(n + 1) * step).min(f64::from(old)),
            );
            let first = from as usize;
            let last = ((to.ceil() as usize).max(first + 1) - 1).min(old as usize - 1);
            let count = last - first + 1;
            let head = if count == 1 {
                to - from
            } else {
                (first + 1) as f64 - from
            };
            Cover {
                first,
                head: head as f32,
                tail: (to - last as f64) as f32,
                count,
                total: (to - from) as f32,
            }
        })
        .collect()
}

#[cfg(test)]
mod tests;
