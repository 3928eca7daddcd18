/*
 * `yaoku agent --journal DIR --list` and `--settle`: what waits, and what became of scans that were not posted.
 */
#ifndef WORKSTATION_JOURNAL_LIST_H
#define WORKSTATION_JOURNAL_LIST_H

/*
 * Print what waits and what was not posted, also while the agent runs. Exit code 0; 1 when something waits, was
 * rejected or refused, or the journal is damaged; 3 when it cannot be read.
 */
int journal_list(const char *directory);

/* Somebody has seen the scan with this id, or "all": list it no more. Exit code 0; 1: there is none; 3: the agent runs. */
int journal_list_settle(const char *directory, const char *id);

#endif
