#pragma once
#include <libwebsockets.h>
#include <openssl/err.h>
#include <openssl/pem.h>
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

// What a pair of PEM files is.
enum lws_certificate_status {
    LWS_CERTIFICATE_FITS = 0,
    LWS_CERTIFICATE_UNREADABLE,
    LWS_CERTIFICATE_KEY_UNREADABLE,
    LWS_CERTIFICATE_KEY_OF_ANOTHER,
};

// Reads a certificate and a private key; one with a passphrase is not asked for it on the terminal. `ends` gets seconds from now until the certificate ends, less than 0 where it has.
static inline enum lws_certificate_status lws_certificate_look(const char *certificate, const char *key, long long *ends) {
    enum lws_certificate_status status = LWS_CERTIFICATE_UNREADABLE;
    BIO *file = BIO_new_file(certificate, "r");
    X509 *found = file ? PEM_read_bio_X509(file, NULL, NULL, (void *)"") : NULL;
    BIO_free(file);
    int days = 0, seconds = 0;
    if (found && ASN1_TIME_diff(&days, &seconds, NULL, X509_get0_notAfter(found))) {
        *ends = (long long)days * 86400 + seconds;
        file = BIO_new_file(key, "r");
        EVP_PKEY *pair = file ? PEM_read_bio_PrivateKey(file, NULL, NULL, (void *)"") : NULL;
        BIO_free(file);
        status = !pair ? LWS_CERTIFICATE_KEY_UNREADABLE
            : X509_check_private_key(found, pair) == 1 ? LWS_CERTIFICATE_FITS : LWS_CERTIFICATE_KEY_OF_ANOTHER;
        EVP_PKEY_free(pair);
    }
    X509_free(found);
    // What was wrong must not be taken for the fault of the next connection.
    ERR_clear_error();
    return status;
}
