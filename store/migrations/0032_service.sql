-- How a LAR serves partners: what it answered, on which day, and how its disputes
-- were ruled. The days that a decision took are kept with it, so that what is
-- counted of them can be computed anew.
CREATE TABLE decision_times (
  decision_id TEXT PRIMARY KEY, -- one whose time counts: not a report's, and not in bulk
  on_day      TEXT NOT NULL, -- on which it was made
  lar_id      TEXT NOT NULL, -- at whose desk it waited
  days        BIGINT NOT NULL -- business days that it took
) WITHOUT ROWID;
ALTER TABLE claims ADD COLUMN answered_on TEXT NOT NULL DEFAULT ''; -- the day its LAR confirmed or rejected it, '' if it stands otherwise
ALTER TABLE disputes ADD COLUMN ruled_on TEXT NOT NULL DEFAULT ''; -- the day of the ruling
INSERT INTO decision_times (decision_id, on_day, lar_id, days)
  SELECT d.id, m.on_day, m.lar_id, CAST(m.name AS BIGINT) FROM decisions d CROSS JOIN movements m
  WHERE d.basis IN ('desk', 'escalation') AND m.entry_id = d.entry_id AND m.topic = 'days' AND m.agreements = 1;
UPDATE claims SET answered_on = coalesce((SELECT m.day FROM claim_events e CROSS JOIN movements m
    WHERE e.claim_id = claims.id AND e.at = claims.since AND e.state = claims.state AND e.org_id = claims.lar_id
    AND m.entry_id = e.entry_id AND m.topic = 'claims' ORDER BY e.n DESC, m.n DESC LIMIT 1), '')
  WHERE state IN ('confirmed', 'rejected');
UPDATE disputes SET ruled_on = coalesce((SELECT m.day FROM movements m WHERE m.entry_id <=
      (SELECT e.id FROM entries e WHERE e.subject = disputes.ref AND e.action IN ('disputes.rule', 'disputes.approve') ORDER BY e.id DESC LIMIT 1)
    ORDER BY m.entry_id DESC LIMIT 1), '')
  WHERE ruled_at IS NOT NULL;
-- What was answered and ruled before is counted under the last sealed entry.
INSERT INTO movements (entry_id, n, day, topic, on_day, month, quarter, year, program, lar_id, state, partner_id, name,
    influenced, unassisted, undecided, sourced, orders, agreements, decided, attached)
  SELECT coalesce((SELECT max(e.id) FROM entries e WHERE NOT EXISTS (SELECT 1 FROM unsealed u WHERE u.entry_id = e.id)), ''),
    2000000 + row_number() OVER (ORDER BY x.name, x.lar_id, x.on_day), x.on_day, 'days', x.on_day, substr(x.on_day, 1, 7),
    'FY' || CAST(x.fy AS TEXT) || 'Q' || CASE WHEN substr(x.on_day, 6, 2) IN ('07', '08', '09') THEN '1' WHEN substr(x.on_day, 6, 2) IN ('10', '11', '12') THEN '2'
      WHEN substr(x.on_day, 6, 2) IN ('01', '02', '03') THEN '3' ELSE '4' END,
    'FY' || CAST(x.fy AS TEXT), '', x.lar_id, '', '', x.name, 0, 0, 0, 0, 0, 0, x.decided, x.attached
  FROM (
    SELECT g.lar_id, g.on_day, g.name, g.decided, g.attached,
      CAST(substr(g.on_day, 1, 4) AS BIGINT) + CASE WHEN substr(g.on_day, 6, 2) >= '07' THEN 1 ELSE 0 END AS fy
    FROM (
      SELECT lar_id, answered_on AS on_day, 'claims' AS name, count(*) AS decided,
        CAST(sum(CASE state WHEN 'confirmed' THEN 1 ELSE 0 END) AS BIGINT) AS attached FROM claims WHERE answered_on <> '' GROUP BY lar_id, answered_on
      UNION ALL SELECT lar_id, ruled_on, 'disputes', count(*),
        CAST(sum(CASE state WHEN 'upheld' THEN 1 ELSE 0 END) AS BIGINT) FROM disputes WHERE ruled_on <> '' GROUP BY lar_id, ruled_on) AS g) AS x;
INSERT INTO totals (kind, period, scope, name, influenced, unassisted, undecided, sourced, orders, agreements, decided, attached)
  SELECT c.kind, c.period, c.scope, c.name, 0, 0, 0, 0, 0, 0, CAST(sum(c.decided) AS BIGINT), CAST(sum(c.attached) AS BIGINT)
  FROM counted c WHERE c.kind IN ('days', 'days_lar') AND c.name IN ('claims', 'disputes') GROUP BY c.kind, c.period, c.scope, c.name;
