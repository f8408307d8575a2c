//! Amounts of money: decimal, never a binary fraction.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Sub, SubAssign};
use std::str::FromStr;

use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use thiserror::Error;

/// An amount in the project's currency, in its main unit (12.50 is twelve and a half).
///
/// In files plain decimal text, `"1234.5"`; on screen (Display) with thousands separators and at least two decimals,
/// `1,234.50`. Sums stop at the largest amount (about 7.9 · 10^28) instead of failing.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Money(Decimal);

impl Money {
    pub const ZERO: Self = Self(Decimal::ZERO);

    #[must_use]
    pub const fn new(amount: Decimal) -> Self {
        Self(amount)
    }

    #[must_use]
    pub const fn amount(self) -> Decimal {
        self.0
    }

    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.0.is_zero()
    }

    /// The average over `count`, exact to 28 digits; `None` over nothing, which reports show as "–" (T-13).
    #[must_use]
    pub fn per(self, count: u64) -> Option<Self> {
        self.0.checked_div(Decimal::from(count)).map(Self)
    }
}

impl Add for Money {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl AddAssign for Money {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sub for Money {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl SubAssign for Money {
    fn sub_assign(&mut self, other: Self) {
        *self = *self - other;
    }
}

impl Sum for Money {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, Add::add)
    }
}

impl<'a> Sum<&'a Money> for Money {
    fn sum<I: Iterator<Item = &'a Self>>(amounts: I) -> Self {
        amounts.copied().sum()
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.0.abs().normalize().to_string();
        let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
        let sign = if self.0.is_sign_negative() && !self.is_zero() { "-" } else { "" };
        let mut shown = String::from(sign);
        for (index, digit) in whole.char_indices() {
            if index > 0 && (whole.len() - index).is_multiple_of(3) {
                shown.push(',');
            }
            shown.push(digit);
        }
        shown.push('.');
        shown.push_str(&format!("{fraction:0<2}"));
        f.pad(&shown)
    }
}

/// Why a text is not an amount.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
pub enum MoneyError {
    #[error("“{text}” is not an amount; write it as 1234.50, without currency or thousands separators")]
    Unreadable { text: String },
    #[error("“{text}” has more digits than an amount can hold (28)")]
    TooLong { text: String },
}

impl FromStr for Money {
    type Err = MoneyError;

    /// Reads a plain decimal number: an optional sign, digits, and perhaps a point and more digits. Blanks around it do
    /// not matter.
    fn from_str(text: &str) -> Result<Self, MoneyError> {
        let text = text.trim();
        let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
        // Checked here because the decimal's own reading is more generous: underscores, a point without digits.
        let plain = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if !plain(whole) || !plain(fraction) {
            return Err(MoneyError::Unreadable { text: text.to_owned() });
        }
        Decimal::from_str_exact(text).map(Self).map_err(|_| MoneyError::TooLong { text: text.to_owned() })
    }
}

impl Serialize for Money {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Money {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl de::Visitor<'_> for Text {
            type Value = Money;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an amount as text, such as \"1234.50\"")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Money, E> {
                text.parse().map_err(E::custom)
            }
        }
        deserializer.deserialize_str(Text)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn money(text: &str) -> Money {
        text.parse().unwrap()
    }

    #[test]
    fn shows_thousands_and_at_least_two_decimals() {
        for (text, shown) in [
            ("0", "0.00"),
            ("-0", "0.00"),
            ("5", "5.00"),
            ("-5.5", "-5.50"),
            ("999.999", "999.999"),
            ("1000", "1,000.00"),
            ("-123456", "-123,456.00"),
            ("+1234567.10000", "1,234,567.10"),
            ("0.001", "0.001"),
        ] {
            assert_eq!(money(text).to_string(), shown);
        }
        assert_eq!(format!("{:>8}", money("5")), "    5.00");
    }

    #[test]
    fn refuses_what_is_not_a_plain_number() {
        for text in [
            "", " ", "-", "1,234.50", "1.234,50", "€5", "5 EUR", "1_000", "1e3", ".5", "5.", "--5", "1.2.3",
            "٣",
        ] {
            let error = text.parse::<Money>().unwrap_err();
            assert!(matches!(error, MoneyError::Unreadable { .. }), "{text}: {error}");
        }
        let error = "1234567890123456789012345678901234567890".parse::<Money>().unwrap_err();
        assert!(matches!(error, MoneyError::TooLong { .. }));
        assert_eq!(
            "1,5".parse::<Money>().unwrap_err().to_string(),
            "“1,5” is not an amount; write it as 1234.50, without currency or thousands separators"
        );
    }

    #[test]
    fn adds_exactly() {
        let amounts = ["0.1", "0.2", "-1"].map(money);
        assert_eq!(amounts.iter().sum::<Money>(), money("-0.7"));
        assert_eq!(money("1") - money("0.9"), money("0.1"));
        assert_eq!(money("10").per(4), Some(money("2.5")));
        assert_eq!(money("10").per(0), None);
    }

    #[test]
    fn stops_at_the_largest_amount() {
        let largest = Money::new(Decimal::MAX);
        assert_eq!(largest + largest, largest);
        assert_eq!(Money::new(Decimal::MIN) - largest, Money::new(Decimal::MIN));
    }

    proptest! {
        #[test]
        fn survives_being_saved(mantissa: i64, scale in 0_u32..10) {
            let amount = Money::new(Decimal::new(mantissa, scale));
            let json = serde_json::to_string(&amount).unwrap();
            let back: Money = serde_json::from_str(&json).unwrap();
            prop_assert_eq!(back, amount);
            prop_assert_eq!(back.amount().scale(), scale, "as many decimals as before");
            let without_separators = amount.to_string().replace(',', "");
            prop_assert_eq!(money(&without_separators), amount);
        }
    }
}
