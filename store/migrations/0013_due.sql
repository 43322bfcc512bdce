-- What waits, by LAR and the day it is due: a dashboard adds these up for every
-- LAR, from this index alone.
CREATE INDEX totals_due ON totals (scope, period, agreements) WHERE kind = 'due' AND name = 'decide';
