/* `yaoku serve`: options, database, socket, supervisor. */
#ifndef SERVICE_SERVE_H
#define SERVICE_SERVE_H

/* Serve until told to stop. argv[0] is "serve". Returns the exit code of the command. */
int serve_command(int argc, char **argv);

#endif
