//! Words without domain: ids, time and calendar, money, seeded randomness.
