"""rows.py DATABASE TABLE: the rows of a table, as CSV."""
import csv
import sqlite3
import sys

database = sqlite3.connect(sys.argv[1])
rows = database.execute(f'select * from "{sys.argv[2]}"')
out = csv.writer(sys.stdout, lineterminator="\n")
out.writerow(column[0] for column in rows.description)
out.writerows(rows)
