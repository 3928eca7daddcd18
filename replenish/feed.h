/*
 * The supplier's feed: GET /supplier/orders with long poll.
 *
 * A call that finds nothing new waits in its worker until the relay has given
 * its supplier something (NOTIFY yaoku_feed), until its `wait` has passed, or
 * until its client has left. Calls that want the same, which is what a thousand
 * waiting programs of one supplier do, share one place and one question.
 *
 * One feed in each worker; the route's handler finds it by itself.
 */
#ifndef REPLENISH_FEED_H
#define REPLENISH_FEED_H

#include <stddef.h>

#include "core/db.h"
#include "core/http.h"

struct event_base;
struct feed;

/*
 * Open the worker's feed; once in a process. `db` is where it asks; its statements hold
 * sql_supplier_orders, sql_supplier_orders_csv and sql_feed_heads.
 */
struct feed *feed_open(struct event_base *base, struct db *db);

/*
 * Begin the graceful stop: answer every waiting call now, and let later ones
 * not wait. Call it together with http_server_drain(), which else lasts as long
 * as the longest wait.
 */
void feed_stop(struct feed *feed);

/* Release, once the server has drained and `db` is closed: nothing is under way. Accepts NULL. */
void feed_close(struct feed *feed);

/*
 * A notice of channel yaoku_feed came: the payload is the id of a supplier whose
 * feed has grown. Connect it to the worker's listening connection
 * (db_options.on_notify). Another payload is ignored.
 */
void feed_notify(struct feed *feed, const char *payload);

/* How many calls wait. */
size_t feed_waiting(const struct feed *feed);

/*
 * GET /supplier/orders?status=&cursor=&wait=&limit=
 *
 *   feed_poll ──► place ──► on_page ──► 200, 304 or CSV
 *     └─► 400       ▲          └─► nothing new: wait ──► deadline ──► 200 with no orders
 *                   └── notice, or the look each second ──┘
 */
void feed_poll(struct http_call *call, void *arg);

#endif
