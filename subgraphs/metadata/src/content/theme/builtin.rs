//! The themes that come with the hub.

use super::{Colours, Scheme, Theme, colour::Colour};
use std::sync::{Arc, LazyLock};

const fn colours(opaque: [u32; 19], shade: u32, alpha: u8) -> Colours {
    let mut all = [Colour::of(0); 20];
    let mut i = 0;
    while i < opaque.len() {
        all[i] = Colour::of(opaque[i]);
        i += 1;
    }
    all[19] = Colour {
        alpha,
        ..Colour::of(shade)
    };
    all
}

const LIGHT: Colours = colours(
    [
        0xef_f6f7, 0xe5_edee, 0xfc_fefe, 0xff_ffff, 0xde_e9ea, 0xd1_dbde, 0x7a_898f, 0x13_232a,
        0x4a_5a60, 0xf5_b33b, 0xec_a11f, 0x31_1d03, 0x8b_5002, 0xfb_e9c6, 0x00_6871, 0x0a_693c,
        0xd6_f4e1, 0xb1_2728, 0xff_e8e6,
    ],
    0x36_4b54,
    0x21,
);
const DARK: Colours = colours(
    [
        0x08_1115, 0x05_0b0e, 0x0f_1b1f, 0x17_252a, 0x1c_2a2f, 0x24_3136, 0x5f_7076, 0xeb_f2f2,
        0x9d_adb0, 0xf5_b63f, 0xfe_ca5e, 0x31_1d03, 0xf6_c463, 0x37_290f, 0x71_d0d5, 0x73_dea4,
        0x12_3123, 0xfc_958f, 0x45_1e1c,
    ],
    0x00_0000,
    0x6b,
);
const HIGH_CONTRAST: Colours = colours(
    [
        0x00_0000, 0x00_0000, 0x00_0000, 0x0d_0d0d, 0x1f_1f1f, 0xff_ffff, 0xff_ffff, 0xff_ffff,
        0xe6_e6e6, 0xff_d400, 0xff_e45c, 0x00_0000, 0xff_e45c, 0x33_2a00, 0x66_f0ff, 0x6d_ff9c,
        0x00_290f, 0xff_b3ad, 0x3a_0500,
    ],
    0x00_0000,
    0x00,
);

static THEMES: LazyLock<[Arc<Theme>; 3]> = LazyLock::new(|| {
    [
        ("light", "Light", Scheme::Light, LIGHT),
        ("dark", "Dark", Scheme::Dark, DARK),
        (
            "high-contrast",
            "High contrast",
            Scheme::Dark,
            HIGH_CONTRAST,
        ),
    ]
    .map(|(id, name, scheme, colours)| {
        Arc::new(Theme {
            id: id.to_owned(),
            name: name.to_owned(),
            scheme,
            colours,
            updated_at: None,
        })
    })
});

/// The themes that come with the hub.
pub fn themes() -> &'static [Arc<Theme>] {
    &*THEMES
}
