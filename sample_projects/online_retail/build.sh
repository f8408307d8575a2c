#!/bin/sh
# Builds ../online_retail.ron: the map of map.ron, the year of invoices.csv, and a run of it.
# Needs the command; `GATELINE=path/to/gateline ./build.sh` takes another one than that of the PATH.
set -eu
cd "$(dirname "$0")"
gateline=${GATELINE:-gateline}
"$gateline" export map.ron ../online_retail.ron --force
# An invoice stands for a purchase of any product, so all of them name one.
"$gateline" import events invoices.csv ../online_retail.ron --map-columns "product='Anything'"
"$gateline" simulate ../online_retail.ron --until 2011-12-09T12:50:00Z --save "The whole year" > /dev/null
