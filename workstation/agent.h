/*
 * `yaoku agent`: scans of a workstation's scanner, to disk and then to the service.
 */
#ifndef WORKSTATION_AGENT_H
#define WORKSTATION_AGENT_H

/*
 * Run until SIGTERM or SIGINT, or until all lines of standard input are answered. argv[0] is the command's name. Exit
 * code 0; 1: the key is refused, or --list has something to show; 2: usage; 3: the journal cannot be used.
 */
int agent_command(int argc, char **argv);

#endif
