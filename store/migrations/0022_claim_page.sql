-- A claim like another of its partner: by its number, or by its customer.
CREATE INDEX claims_numbered ON claims (partner_id, number_key) WHERE number_key <> '';
CREATE INDEX claims_named ON claims (partner_id, name_key) WHERE name_key <> '';
-- An agreement whose claims all wait for their partners has no clock of the LAR's:
-- it is due on 9999-12-31, after all that has one.
DROP VIEW inbox_now;
CREATE VIEW inbox_now AS
  SELECT lar_id, CASE WHEN claims + items + score > 0 THEN 'decide' ELSE 'unclaimed' END AS tab,
    CASE WHEN claims + items + score > 0 THEN due ELSE '' END AS due,
    worth, agreement_id, ref, number, customer, state, program, signed_on, claims, items, score
  FROM (
    SELECT a.lar_id, - a.cents AS worth, a.id AS agreement_id, a.ref, a.number, a.customer, a.state, a.program,
      a.signed_on, a.decided,
      (SELECT count(*) FROM claims c WHERE c.agreement_id = a.id AND c.state IN ('attached', 'action_required')) AS claims,
      (SELECT count(*) FROM items i WHERE i.agreement_id = a.id AND i.settled_at IS NULL) AS items,
      (SELECT coalesce(max(g.score), 0) FROM suggestions g WHERE g.agreement_id = a.id AND g.closed_at IS NULL) AS score,
      (SELECT coalesce(min(d.due), '') FROM (
        SELECT CASE c.state WHEN 'attached' THEN c.due ELSE '9999-12-31' END AS due FROM claims c
          WHERE c.agreement_id = a.id AND c.state IN ('attached', 'action_required')
        UNION ALL SELECT i.due FROM items i WHERE i.agreement_id = a.id AND i.settled_at IS NULL
        UNION ALL SELECT g.due FROM suggestions g WHERE g.agreement_id = a.id AND g.closed_at IS NULL) AS d) AS due
    FROM agreements a WHERE NOT a.withdrawn
  ) AS x WHERE claims + items + score > 0 OR NOT decided;
-- What stands there with the partner's day moves, and is counted where it goes.
CREATE TABLE due_moves AS
  SELECT i.lar_id, i.tab, i.due AS was, n.due AS now, i.worth, i.agreement_id, row_number() OVER (ORDER BY i.agreement_id) AS n
  FROM inbox i CROSS JOIN inbox_now n WHERE n.agreement_id = i.agreement_id AND n.due <> i.due;
INSERT INTO movements (entry_id, n, day, topic, on_day, month, quarter, year, program, lar_id, state, partner_id, name,
    influenced, unassisted, undecided, sourced, orders, agreements, decided, attached)
  SELECT (SELECT max(e.id) FROM entries e WHERE NOT EXISTS (SELECT 1 FROM unsealed u WHERE u.entry_id = e.id)),
    1000000 + 2 * x.n + x.side, (SELECT max(m.day) FROM movements m), 'inbox', x.due, substr(x.due, 1, 7), '', '', '', x.lar_id, '', '', x.tab,
    0, 0, - x.sign * x.worth, 0, 0, x.sign, 0, 0
  FROM (SELECT n, 0 AS side, lar_id, tab, was AS due, worth, -1 AS sign FROM due_moves
    UNION ALL SELECT n, 1, lar_id, tab, now, worth, 1 FROM due_moves) AS x;
INSERT INTO totals AS t (kind, period, scope, name, influenced, unassisted, undecided, sourced, orders, agreements, decided, attached)
  SELECT 'due', x.due, x.lar_id, x.tab, 0, 0, CAST(sum(- x.sign * x.worth) AS BIGINT), 0, 0, CAST(sum(x.sign) AS BIGINT), 0, 0
  FROM (SELECT lar_id, tab, was AS due, worth, -1 AS sign FROM due_moves
    UNION ALL SELECT lar_id, tab, now, worth, 1 FROM due_moves) AS x WHERE x.sign <> 0 GROUP BY x.due, x.lar_id, x.tab
  ON CONFLICT (kind, period, scope, name) DO UPDATE SET undecided = t.undecided + excluded.undecided, agreements = t.agreements + excluded.agreements;
UPDATE inbox SET due = '9999-12-31' WHERE agreement_id IN (SELECT m.agreement_id FROM due_moves m WHERE m.now = '9999-12-31');
UPDATE inbox SET due = (SELECT m.now FROM due_moves m WHERE m.agreement_id = inbox.agreement_id)
  WHERE agreement_id IN (SELECT m.agreement_id FROM due_moves m WHERE m.now <> '9999-12-31');
DROP TABLE due_moves;
