/* `yaoku routes`: the route table as JSON lines. */
#ifndef SERVICE_ROUTES_COMMAND_H
#define SERVICE_ROUTES_COMMAND_H

/*
 * Print every route below /api, one JSON object a line:
 *
 *	{"method","path","roles":[…],"summary","shape","fields":[…]|null}
 *
 * `roles` are those the table names, none: open to everybody; a manager may also do what a clerk may. `shape`
 * is list, object, command, or null when the handler makes the answer; `fields` is null when the
 * handler reads the body by itself. A field is {"name","in","type","required"} with min and max
 * where the table sets them, the words of a choice, and the fields of an array's objects in
 * `items`. argv[0] is "routes". Returns the exit code of the command.
 */
int routes_command(int argc, char **argv);

#endif
