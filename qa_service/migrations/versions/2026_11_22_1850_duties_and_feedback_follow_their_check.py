"""Duties, lists for decision and feedback follow their check: blind while it is read, listed people alone where limited."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# A duty may name a check and no case (a conversation, a finding): it tells of the check all the same.
DUTY = """
  CREATE POLICY follows_its_check ON obligation USING (scope_sees_all() OR (
    (case_id IS NULL OR EXISTS (SELECT 1 FROM case_record seen WHERE seen.id = case_id))
    AND (check_id IS NULL OR (EXISTS (SELECT 1 FROM check_record seen WHERE seen.id = check_id)
                              AND check_id::text <> ALL (scope_list('app.reading'))))))
"""
# What stands on a list repeats the duty that it came from; other items of a list about a fail name no check.
ITEM = """
  CREATE POLICY follows_its_duty ON escalation_item USING (scope_sees_all() OR (
    (case_id IS NULL OR EXISTS (SELECT 1 FROM case_record seen WHERE seen.id = case_id))
    AND EXISTS (SELECT 1 FROM escalation e JOIN obligation seen ON seen.id = e.obligation_id
                WHERE e.id = escalation_id)))
"""
# Officers reach their own through the person, whoever holds the case by then (feedback/service.py).
FEEDBACK = """
  CREATE POLICY follows_its_check ON feedback USING (scope_sees_all() OR (
    EXISTS (SELECT 1 FROM check_record seen WHERE seen.id = check_id)
    AND check_id::text <> ALL (scope_list('app.reading'))))
"""
READS_CASE = """
  CREATE FUNCTION scope_reads_case(wanted_case_id bigint) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT EXISTS (SELECT 1 FROM check_record mine WHERE mine.case_id = wanted_case_id
                   AND mine.id::text = ANY (scope_list('app.reading')))
  $$
"""
BEFORE = """
  CREATE POLICY follows_its_case ON {table} USING (scope_sees_all() OR case_id IS NULL
    OR EXISTS (SELECT 1 FROM case_record seen WHERE seen.id = case_id))
"""


def upgrade() -> None:
    """Narrow the two policies, add feedback's, and a function for what is not behind one."""
    op.execute("DROP POLICY follows_its_case ON obligation")
    op.execute(DUTY)
    op.execute("DROP POLICY follows_its_case ON escalation_item")
    op.execute(ITEM)
    op.execute("ALTER TABLE feedback ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE feedback FORCE ROW LEVEL SECURITY")
    op.execute(FEEDBACK)
    op.execute(READS_CASE)


def downgrade() -> None:
    """Follow the case alone again."""
    op.execute("DROP FUNCTION scope_reads_case(bigint)")
    op.execute("DROP POLICY follows_its_check ON feedback")
    op.execute("ALTER TABLE feedback NO FORCE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE feedback DISABLE ROW LEVEL SECURITY")
    op.execute("DROP POLICY follows_its_duty ON escalation_item")
    op.execute(BEFORE.format(table="escalation_item"))
    op.execute("DROP POLICY follows_its_check ON obligation")
    op.execute(BEFORE.format(table="obligation"))
