-- Takes away every ballot; the totals stay.

DROP TABLE IF EXISTS `polls_ballot`;
