//! Writes baseline JPEG (ITU-T T.81), with the example tables of its annex K, halved chroma and one
//! scan: what pictures for a screen need, and no more.

/// The brightness of a block, row by row: how coarsely each frequency is kept at quality 50.
const LUMA: [u8; 64] = [
    16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56,
    14, 17, 22, 29, 51, 87, 80, 62, 18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113,
    92, 49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99,
];
/// The same of colour.
const CHROMA: [u8; 64] = [
    17, 18, 24, 47, 99, 99, 99, 99, 18, 21, 26, 66, 99, 99, 99, 99, 24, 26, 56, 99, 99, 99, 99, 99,
    47, 66, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
    99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
];
/// Frequencies from low to high.
const ZIGZAG: [usize; 64] = [
    0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20,
    13, 6, 7, 14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59,
    52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
];
/// How many codes there are of each length, and what they stand for.
type Codes = ([u8; 16], &'static [u8]);
const DC_LUMA: Codes = (
    [0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0],
    &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
);
const DC_CHROMA: Codes = (
    [0, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0],
    &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
);
const AC_LUMA: Codes = (
    [0, 2, 1, 3, 3, 2, 4, 3, 5, 5, 4, 4, 0, 0, 1, 0x7d],
    &[
        0x01, 0x02, 0x03, 0x00, 0x04, 0x11, 0x05, 0x12, 0x21, 0x31, 0x41, 0x06, 0x13, 0x51, 0x61,
        0x07, 0x22, 0x71, 0x14, 0x32, 0x81, 0x91, 0xa1, 0x08, 0x23, 0x42, 0xb1, 0xc1, 0x15, 0x52,
        0xd1, 0xf0, 0x24, 0x33, 0x62, 0x72, 0x82, 0x09, 0x0a, 0x16, 0x17, 0x18, 0x19, 0x1a, 0x25,
        0x26, 0x27, 0x28, 0x29, 0x2a, 0x34, 0x35, 0x36, 0x37, 0x38, 0x39, 0x3a, 0x43, 0x44, 0x45,
        0x46, 0x47, 0x48, 0x49, 0x4a, 0x53, 0x54, 0x55, 0x56, 0x57, 0x58, 0x59, 0x5a, 0x63, 0x64,
        0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x73, 0x74, 0x75, 0x76, 0x77, 0x78, 0x79, 0x7a, 0x83,
        0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8a, 0x92, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99,
        0x9a, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6, 0xa7, 0xa8, 0xa9, 0xaa, 0xb2, 0xb3, 0xb4, 0xb5, 0xb6,
        0xb7, 0xb8, 0xb9, 0xba, 0xc2, 0xc3, 0xc4, 0xc5, 0xc6, 0xc7, 0xc8, 0xc9, 0xca, 0xd2, 0xd3,
        0xd4, 0xd5, 0xd6, 0xd7, 0xd8, 0xd9, 0xda, 0xe1, 0xe2, 0xe3, 0xe4, 0xe5, 0xe6, 0xe7, 0xe8,
        0xe9, 0xea, 0xf1, 0xf2, 0xf3, 0xf4, 0xf5, 0xf6, 0xf7, 0xf8, 0xf9, 0xfa,
    ],
);
const AC_CHROMA: Codes = (
    [0, 2, 1, 2, 4, 4, 3, 4, 7, 5, 4, 4, 0, 1, 2, 0x77],
    &[
        0x00, 0x01, 0x02, 0x03, 0x11, 0x04, 0x05, 0x21, 0x31, 0x06, 0x12, 0x41, 0x51, 0x07, 0x61,
        0x71, 0x13, 0x22, 0x32, 0x81, 0x08, 0x14, 0x42, 0x91, 0xa1, 0xb1, 0xc1, 0x09, 0x23, 0x33,
        0x52, 0xf0, 0x15, 0x62, 0x72, 0xd1, 0x0a, 0x16, 0x24, 0x34, 0xe1, 0x25, 0xf1, 0x17, 0x18,
        0x19, 0x1a, 0x26, 0x27, 0x28, 0x29, 0x2a, 0x35, 0x36, 0x37, 0x38, 0x39, 0x3a, 0x43, 0x44,
        0x45, 0x46, 0x47, 0x48, 0x49, 0x4a, 0x53, 0x54, 0x55, 0x56, 0x57, 0x58, 0x59, 0x5a, 0x63,
        0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x73, 0x74, 0x75, 0x76, 0x77, 0x78, 0x79, 0x7a,
        0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8a, 0x92, 0x93, 0x94, 0x95, 0x96, 0x97,
        0x98, 0x99, 0x9a, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6, 0xa7, 0xa8, 0xa9, 0xaa, 0xb2, 0xb3, 0xb4,
        0xb5, 0xb6, 0xb7, 0xb8, 0xb9, 0xba, 0xc2, 0xc3, 0xc4, 0xc5, 0xc6, 0xc7, 0xc8, 0xc9, 0xca,
        0xd2, 0xd3, 0xd4, 0xd5, 0xd6, 0xd7, 0xd8, 0xd9, 0xda, 0xe2, 0xe3, 0xe4, 0xe5, 0xe6, 0xe7,
        0xe8, 0xe9, 0xea, 0xf2, 0xf3, 0xf4, 0xf5, 0xf6, 0xf7, 0xf8, 0xf9, 0xfa,
    ],
);

/// Writes a picture of `width` times `height` pixels, three bytes each: red, green, blue. Quality
/// is from 1 to 100.
pub fn write(rgb: &[u8], width: u16, height: u16, quality: u8) -> Vec<u8> {
    let (luma, chroma) = (scaled(&LUMA, quality), scaled(&CHROMA, quality));
    let mut out = vec![0xFF, 0xD8];
    for (id, table) in [(0, &luma), (1, &chroma)] {
        out.extend([0xFF, 0xDB, 0, 67, id]);
        out.extend(ZIGZAG.map(|at| table[at]));
    }
    let ([high, low], [wide, narrow]) = (height.to_be_bytes(), width.to_be_bytes());
    // Eight bits; brightness in each pixel, colour in every other one of both directions.
    out.extend([0xFF, 0xC0, 0, 17, 8, high, low, wide, narrow, 3]);
    out.extend([1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1]);
    for (id, (counts, values)) in [
        (0x00, DC_LUMA),
        (0x10, AC_LUMA),
        (0x01, DC_CHROMA),
        (0x11, AC_CHROMA),
    ] {
        out.extend([0xFF, 0xC4]);
        out.extend((19 + values.len() as u16).to_be_bytes());
        out.push(id);
        out.extend(counts);
        out.extend(values);
    }
    out.extend([0xFF, 0xDA, 0, 12, 3, 1, 0x00, 2, 0x11, 3, 0x11, 0, 63, 0]);
    let mut scan = Scan {
        bits: Bits::new(out),
        luma: (Table::of(DC_LUMA), Table::of(AC_LUMA), luma),
        chroma: (Table::of(DC_CHROMA), Table::of(AC_CHROMA), chroma),
        last: [0; 3],
        cosines: cosines(),
    };
    let picture = Pixels {
        rgb,
        width: usize::from(width),
        height: usize::from(height),
    };
    for y in (0..picture.height).step_by(16) {
        for x in (0..picture.width).step_by(16) {
            scan.square(&picture, x, y);
        }
    }
    let mut out = scan.bits.finish();
    out.extend([0xFF, 0xD9]);
    out
}

/// A table for another quality than 50, as libjpeg does it.
fn scaled(table: &[u8; 64], quality: u8) -> [u8; 64] {
    let quality = u32::from(quality.clamp(1, 100));
    let percent = if quality < 50 {
        5000 / quality
    } else {
        200 - 2 * quality
    };
    table.map(|coarse| ((u32::from(coarse) * percent + 50) / 100).clamp(1, 255) as u8)
}

/// `cosines[frequency][place]`, with the factors of the transform in them.
fn cosines() -> [[f32; 8]; 8] {
    let mut all = [[0.0; 8]; 8];
    for (frequency, row) in all.iter_mut().enumerate() {
        let scale = if frequency == 0 {
            0.125_f32.sqrt()
        } else {
            0.5
        };
        for (place, cosine) in row.iter_mut().enumerate() {
            let angle = (2 * place + 1) as f32 * frequency as f32 * std::f32::consts::PI / 16.0;
            *cosine = scale * angle.cos();
        }
    }
    all
}

struct Pixels<'a> {
    rgb: &'a [u8],
    width: usize,
    height: usize,
}

impl Pixels<'_> {
    /// Brightness and colours of a pixel; beyond the edge, those of the edge.
    fn at(&self, x: usize, y: usize) -> [f32; 3] {
        let (x, y) = (x.min(self.width - 1), y.min(self.height - 1));
        let at = 3 * (y * self.width + x);
        let [red, green, blue] = [0, 1, 2].map(|c| f32::from(self.rgb[at + c]));
        [
            0.299 * red + 0.587 * green + 0.114 * blue - 128.0,
            -0.168_736 * red - 0.331_264 * green + 0.5 * blue,
            0.5 * red - 0.418_688 * green - 0.081_312 * blue,
        ]
    }
}

struct Scan {
    bits: Bits,
    luma: (Table, Table, [u8; 64]),
    chroma: (Table, Table, [u8; 64]),
    /// The mean of the block before, of each component.
    last: [i32; 3],
    cosines: [[f32; 8]; 8],
}

impl Scan {
    /// Sixteen pixels each way: four blocks of brightness, one of each colour.
    fn square(&mut self, picture: &Pixels<'_>, x: usize, y: usize) {
        let mut colours = [[0.0; 64]; 2];
        for (dx, dy) in [(0, 0), (8, 0), (0, 8), (8, 8)] {
            let mut block = [0.0; 64];
            for row in 0..8 {
                for column in 0..8 {
                    let (across, down) = (dx + column, dy + row);
                    let [luma, blue, red] = picture.at(x + across, y + down);
                    block[8 * row + column] = luma;
                    let half = 8 * (down / 2) + across / 2;
                    colours[0][half] += blue / 4.0;
                    colours[1][half] += red / 4.0;
                }
            }
            self.block(&block, 0);
        }
        self.block(&colours[0], 1);
        self.block(&colours[1], 2);
    }

    fn block(&mut self, block: &[f32; 64], component: usize) {
        let frequencies = self.transformed(block);
        let (dc, ac, coarse) = if component == 0 {
            &self.luma
        } else {
            &self.chroma
        };
        let kept = ZIGZAG.map(|at| (frequencies[at] / f32::from(coarse[at])).round() as i32);
        let mean = kept[0].clamp(-1024, 1023);
        let step = mean - self.last[component];
        self.last[component] = mean;
        let length = length(step);
        self.bits.put(dc.code(length as u8));
        self.bits.put(bits_of(step, length));
        let mut zeros = 0;
        for value in kept[1..].iter().map(|value| (*value).clamp(-1023, 1023)) {
            if value == 0 {
                zeros += 1;
                continue;
            }
            while zeros > 15 {
                self.bits.put(ac.code(0xF0));
                zeros -= 16;
            }
            let length = self::length(value);
            self.bits.put(ac.code((zeros << 4) as u8 | length as u8));
            self.bits.put(bits_of(value, length));
            zeros = 0;
        }
        if zeros > 0 {
            self.bits.put(ac.code(0));
        }
    }

    /// The discrete cosine transform, rows and then columns.
    fn transformed(&self, block: &[f32; 64]) -> [f32; 64] {
        let mut rows = [0.0; 64];
        for row in 0..8 {
            for frequency in 0..8 {
                rows[8 * row + frequency] = (0..8)
                    .map(|place| block[8 * row + place] * self.cosines[frequency][place])
                    .sum();
            }
        }
        let mut all = [0.0; 64];
        for column in 0..8 {
            for frequency in 0..8 {
                all[8 * frequency + column] = (0..8)
                    .map(|place| rows[8 * place + column] * self.cosines[frequency][place])
                    .sum();
            }
        }
        all
    }
}

/// How many bits a value takes.
const fn length(value: i32) -> u32 {
    32 - value.unsigned_abs().leading_zeros()
}

/// A value's bits: a negative one is counted from below.
const fn bits_of(value: i32, length: u32) -> (u32, u32) {
    let bits = if value < 0 {
        value + (1 << length) - 1
    } else {
        value
    };
    (bits as u32, length)
}

/// The code of each value, and its length.
struct Table([(u32, u32); 256]);

impl Table {
    fn of((counts, values): Codes) -> Self {
        let mut table = [(0, 0); 256];
        let (mut code, mut values) = (0, values.iter());
        for (count, length) in counts.into_iter().zip(1..) {
            for value in values.by_ref().take(usize::from(count)) {
                table[usize::from(*value)] = (code, length);
                code += 1;
            }
            code <<= 1;
        }
        Self(table)
    }

    const fn code(&self, value: u8) -> (u32, u32) {
        self.0[value as usize]
    }
}

/// Bits on their way into bytes.
struct Bits {
    out: Vec<u8>,
    waiting: u32,
    count: u32,
}

impl Bits {
    const fn new(out: Vec<u8>) -> Self {
        Self {
            out,
            waiting: 0,
            count: 0,
        }
    }

    fn put(&mut self, (bits, length): (u32, u32)) {
        self.waiting = (self.waiting << length) | bits;
        self.count += length;
        while self.count >= 8 {
            self.count -= 8;
            let byte = (self.waiting >> self.count) as u8;
            self.out.push(byte);
            // What looks like a marker is followed by a nought.
            if byte == 0xFF {
                self.out.push(0);
            }
        }
        self.waiting &= (1 << self.count) - 1;
    }

    fn finish(mut self) -> Vec<u8> {
        if self.count > 0 {
            let missing = 8 - self.count;
            self.put(((1 << missing) - 1, missing));
        }
        self.out
    }
}
