CREATE TRIGGER decisions_no_update BEFORE UPDATE ON decisions BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER decisions_no_delete BEFORE DELETE ON decisions BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER shares_no_update BEFORE UPDATE ON shares BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER shares_no_delete BEFORE DELETE ON shares BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER voids_no_update BEFORE UPDATE ON voids BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER voids_no_delete BEFORE DELETE ON voids BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER order_versions_no_delete BEFORE DELETE ON order_versions BEGIN SELECT RAISE(ABORT, 'append-only'); END;
