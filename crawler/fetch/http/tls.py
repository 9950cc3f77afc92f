"""Why a certificate is refused. Of every refusal OpenSSL says "certificate verify failed"."""

from __future__ import annotations

from OpenSSL import SSL
from twisted.internet.interfaces import IOpenSSLClientConnectionCreator
from twisted.protocols.tls import TLSMemoryBIOProtocol
from twisted.web.iweb import IPolicyForHTTPS
from zope.interface import implementer

from crawler.timing.server_clocks import Way

# X509_V_ERR_… of openssl/x509_vfy.h, and what each says of a clock that is wrong
_OF_CLOCKS: dict[int, Way] = {9: "behind", 10: "ahead"}  # not yet valid, expired


class CertificateRefused(SSL.Error):
    """`clock`: how our clock is wrong, if it is the clock and not the certificate."""

    def __init__(self, words: str, clock: Way | None):
        super().__init__([("x509", "", words)])  # in the form of OpenSSL's own errors
        self.clock = clock


class ExplainedConnection(SSL.Connection):
    """Verifies as its parent does, and says of a refusal why."""

    def do_handshake(self) -> None:
        try:
            super().do_handshake()
        except SSL.Error as error:
            code = SSL._lib.SSL_get_verify_result(self._ssl)  # type: ignore[attr-defined]
            if type(error) is not SSL.Error or not code:  # it wants more, or fails otherwise
                raise
            words = SSL._ffi.string(SSL._lib.X509_verify_cert_error_string(code))  # type: ignore[attr-defined]
            raise CertificateRefused(words.decode(), _OF_CLOCKS.get(code)) from error


@implementer(IOpenSSLClientConnectionCreator)
class _ExplainedCreator:
    def __init__(self, creator: IOpenSSLClientConnectionCreator):
        self._creator = creator

    def clientConnectionForTLS(self, tlsProtocol: TLSMemoryBIOProtocol) -> SSL.Connection:
        connection: SSL.Connection = self._creator.clientConnectionForTLS(tlsProtocol)
        connection.__class__ = ExplainedConnection  # it has no state of its own
        return connection


@implementer(IPolicyForHTTPS)
class ExplainedPolicy:
    """Another policy whose refusals say why."""

    def __init__(self, policy: IPolicyForHTTPS):
        self._policy = policy

    def creatorForNetloc(self, hostname: bytes, port: int) -> IOpenSSLClientConnectionCreator:
        return _ExplainedCreator(self._policy.creatorForNetloc(hostname, port))
