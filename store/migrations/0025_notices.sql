-- A mail may be a notice too: of a kind, about a thing, read or not. Its mail goes
-- at once or with the daily one.
ALTER TABLE outbox ADD COLUMN kind TEXT NOT NULL DEFAULT ''; -- '' for what concerns the account alone
ALTER TABLE outbox ADD COLUMN thing TEXT NOT NULL DEFAULT ''; -- reference of what it is about
ALTER TABLE outbox ADD COLUMN daily BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE outbox ADD COLUMN read_at BIGINT;
ALTER TABLE outbox ADD COLUMN dropped_why TEXT NOT NULL DEFAULT ''; -- undone, unseen, left
DROP INDEX outbox_due;
CREATE INDEX outbox_due ON outbox (not_before, id) WHERE sent_at IS NULL AND dropped_at IS NULL AND NOT daily;
CREATE INDEX outbox_daily ON outbox (member_id, not_before, id) WHERE sent_at IS NULL AND dropped_at IS NULL AND daily;
CREATE INDEX outbox_notices ON outbox (member_id, not_before DESC, id DESC) WHERE kind <> '' AND dropped_why = '';
CREATE INDEX outbox_unread ON outbox (member_id, not_before) WHERE kind <> '' AND dropped_why = '' AND read_at IS NULL;
-- When somebody wants the mails of a kind; what is not here is as usual.
CREATE TABLE mail_choices (
  member_id TEXT NOT NULL REFERENCES members (id),
  kind      TEXT NOT NULL,
  daily     BOOLEAN NOT NULL,
  PRIMARY KEY (member_id, kind)
) WITHOUT ROWID;
CREATE INDEX mail_choices_daily ON mail_choices (member_id) WHERE daily;
