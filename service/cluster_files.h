/* The configuration files of a private cluster; written anew at every start. */
#ifndef SERVICE_CLUSTER_FILES_H
#define SERVICE_CLUSTER_FILES_H

/*
 * Write postgresql.conf, pg_hba.conf and pg_ident.conf into `pg`, for a socket
 * in directory `socket`, with the write-ahead log compressed by
 * `wal_compression`. Returns 0 or ERR_INTERNAL with errno set.
 */
int cluster_files_write(const char *pg, const char *socket, const char *wal_compression);

#endif
