#pragma once
#include <libwebsockets.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

// Function-like macros and negative casts do not import into Swift.
enum {
    lws_headroom = LWS_PRE,
    lws_kill_now = LWS_TO_KILL_SYNC,
};

// Whether the peer showed a certificate for this numeric address; libwebsockets compares names only.
static inline int lws_peer_certificate_is_for_address(struct lws *wsi, const char *address) {
    X509 *certificate = SSL_get1_peer_certificate(lws_get_ssl(wsi));
    int is_for = certificate && X509_check_ip_asc(certificate, address, 0) == 1;
    X509_free(certificate);
    return is_for;
}
