/* The inner grammar of North American coupon codes, AI (8110) and (8112). */
#ifndef SCANNER_GS1_COUPON_H
#define SCANNER_GS1_COUPON_H

#include <stdbool.h>
#include <stddef.h>

/* A whole (8110) value: offer, purchases, dates, serial, retailer. */
bool gs1_is_coupon(const char *s, size_t len);

/* A whole (8112) value: the positive offer file's key of a paperless coupon. */
bool gs1_is_coupon_offer(const char *s, size_t len);

#endif
