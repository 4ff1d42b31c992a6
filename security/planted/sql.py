"""Faults on purpose: SQL by hand."""


def find(order):
    # ruleid: raw-sql
    return Member.objects.extra(order_by=[order])


def find_again(name):
    # ruleid: raw-sql, built-sql
    return Member.objects.raw(f"SELECT * FROM members_member WHERE name = '{name}'")


def count(table):
    # ruleid: raw-sql
    with connection.cursor() as cursor:
        # ruleid: built-sql
        cursor.execute("SELECT count(*) FROM " + table)
        # ruleid: built-sql
        cursor.execute("SELECT count(*) FROM %s" % table)
        # ruleid: built-sql
        cursor.execute("SELECT count(*) FROM {}".format(table))
        # ruleid: built-sql
        cursor.execute(f"SELECT count(*) FROM {table}")
        cursor.execute("SELECT count(*) FROM members_member WHERE name = %s", [table])


def ordered(order):
    # ruleid: raw-sql
    return Member.objects.order_by(RawSQL(order, []))
