#!/usr/bin/env python3
"""Cut the Online Retail order lines down to one row per invoice.

    python3 cut.py online_retail.csv > invoices.csv
    python3 cut.py online_retail.csv -o invoices.csv

Input: the order lines of the UCI data set *Online Retail* (Chen, Sain, Guo
2012, DOI 10.24432/C5BW33), as the CRAN package onlineretail publishes them
under CC0, written as CSV with the columns

    InvoiceNo, StockCode, Description, Quantity, InvoiceDate, UnitPrice,
    CustomerID, Country

where numbers may be written like 17850.0 and CustomerID may be empty.

Output: UTF-8, comma, one header row, "\\n" at the end of each line, columns

    customer   customer number, digits only
    invoice    invoice number; a leading C marks a cancellation
    at         YYYY-MM-DD HH:MM, read as UTC; the earliest time among the
               lines of the invoice (31 of the kept invoices have two)
    amount     GBP, exact sum of quantity x unit price over the lines, signed
               (zero or below for a refund); two decimals, three where the
               exact sum needs them (four invoices)
    quantity   exact sum of the lines' quantities, signed like the amount
    country    as in the source
    kind       "refund" for a cancellation, else "order"

What is left out: lines without a customer, and the single products. What is
kept: cancellations, and the invoices whose total is zero.

Order: by time, then by invoice number as text. So the output depends on the
set of input rows alone, not on their order, and at one instant orders (digits)
come before refunds (C).

Only the standard library is used, and no binary floating point anywhere.
"""

import argparse
import csv
import sys
from datetime import datetime
from decimal import Decimal

HEADER = ["customer", "invoice", "at", "amount", "quantity", "country", "kind"]
NEEDED = ["InvoiceNo", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country"]


def whole(text):
    """Read a whole number that may be written with a zero fraction (6.0)."""
    number = Decimal(text)
    if number != number.to_integral_value():
        raise ValueError(f"{text!r} is not a whole number")
    return int(number)


def money(amount):
    """Write an exact amount with two decimals, or with more if it has more."""
    if amount == amount.quantize(Decimal("0.01")):
        amount = amount.quantize(Decimal("0.01"))
    else:
        amount = amount.normalize()
    # A sum that is zero must not be written as -0.00.
    return f"{abs(amount) if amount == 0 else amount:f}"


class Invoice:
    """What is gathered of one invoice while its lines are read."""

    def __init__(self, customer, country):
        self.customer = customer
        self.country = country
        self.at = None
        self.amount = Decimal(0)
        self.quantity = 0


def read(lines):
    """Gather the invoices of customers from an open CSV file of order lines."""
    rows = csv.DictReader(lines)
    missing = [name for name in NEEDED if name not in (rows.fieldnames or [])]
    if missing:
        raise ValueError("the file has no column " + ", ".join(missing))
    invoices = {}
    for row in rows:
        if not row["CustomerID"]:
            continue
        customer, country = whole(row["CustomerID"]), row["Country"]
        invoice = invoices.setdefault(row["InvoiceNo"], Invoice(customer, country))
        if (invoice.customer, invoice.country) != (customer, country):
            raise ValueError(
                f"line {rows.line_num}: invoice {row['InvoiceNo']} has two customers or countries"
            )
        at = datetime.strptime(row["InvoiceDate"], "%Y-%m-%d %H:%M:%S")
        if at.second:
            raise ValueError(f"line {rows.line_num}: a time with seconds would be cut short")
        quantity = whole(row["Quantity"])
        invoice.at = at if invoice.at is None else min(invoice.at, at)
        invoice.amount += quantity * Decimal(row["UnitPrice"])
        invoice.quantity += quantity
    return invoices


def write(invoices, out):
    """Write the invoices as CSV, in the order the module text names."""
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADER)
    for number, invoice in sorted(invoices.items(), key=lambda item: (item[1].at, item[0])):
        writer.writerow([
            invoice.customer,
            number,
            invoice.at.strftime("%Y-%m-%d %H:%M"),
            money(invoice.amount),
            invoice.quantity,
            invoice.country,
            "refund" if number.startswith("C") else "order",
        ])


def main():
    parser = argparse.ArgumentParser(
        description="Cut the Online Retail order lines down to one row per invoice."
    )
    parser.add_argument("source", help="online_retail.csv, the order lines")
    parser.add_argument("-o", "--output", help="where to write; standard output if not given")
    options = parser.parse_args()
    try:
        with open(options.source, newline="", encoding="utf-8-sig") as lines:
            invoices = read(lines)
        if options.output:
            with open(options.output, "w", newline="", encoding="utf-8") as out:
                write(invoices, out)
        else:
            sys.stdout.reconfigure(newline="", encoding="utf-8")
            write(invoices, sys.stdout)
    except (OSError, ValueError, ArithmeticError) as error:
        sys.exit(f"cut.py: {options.source}: {error}")


if __name__ == "__main__":
    main()
