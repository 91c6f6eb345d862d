"""What secure.py and sessions.py share: clients over TLS, and a certificate to serve with."""

import os
import ssl
import subprocess

VERSIONS = (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3)


def trusting(version):
    """A client's context that takes any certificate, and no newer version than this."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.maximum_version = version
    return context


def make_certificate(directory):
    """The paths of a certificate that signs itself, and of its key."""
    certificate, key = os.path.join(directory, "crt"), os.path.join(directory, "key")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
         "-nodes", "-days", "2", "-subj", "/CN=localhost", "-keyout", key,
         "-out", certificate], check=True, capture_output=True)
    return certificate, key
