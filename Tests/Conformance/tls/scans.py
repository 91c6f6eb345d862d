"""sslyze, by the profile that Mozilla calls intermediate."""

from sslyze import (CertificateInfoExtraArgument, ScanCommandsExtraArguments, Scanner,
                    ServerNetworkConfiguration, ServerNetworkLocation, ServerScanRequest)
from sslyze.mozilla_tls_profile.tls_config_checker import (
    SCAN_COMMANDS_NEEDED_BY_MOZILLA_CHECKER, MozillaTlsConfiguration,
    ServerNotCompliantWithTlsConfiguration, ServerScanResultIncomplete, TlsConfigurationEnum,
    check_server_against_tls_configuration)

from authority import NAME

RULES = MozillaTlsConfiguration.get(TlsConfigurationEnum.MOZILLA_INTERMEDIATE)


def scan(server, authority):
    place = ServerNetworkLocation(NAME, server.secure_port, "127.0.0.1")
    trust = CertificateInfoExtraArgument(custom_ca_file=authority.certificate)
    scanner = Scanner()
    scanner.queue_scans([ServerScanRequest(
        place, ServerNetworkConfiguration(NAME),
        scan_commands=SCAN_COMMANDS_NEEDED_BY_MOZILLA_CHECKER,
        scan_commands_extra_arguments=ScanCommandsExtraArguments(certificate_info=trust))])
    return next(iter(scanner.get_results()))


def checks(server, _, authority):
    result = scan(server, authority)
    issues = {}
    try:
        check_server_against_tls_configuration(result, RULES)
    except ServerNotCompliantWithTlsConfiguration as verdict:
        issues = verdict.issues
    except ServerScanResultIncomplete as verdict:
        issues = {"the scan itself": f"{verdict} {result.connectivity_error_trace}"}
    for name, words in issues.items():
        yield f"{name}: {words}", False
    yield "Mozilla's intermediate profile", not issues
    if "the scan itself" not in issues:
        renegotiation = result.scan_result.session_renegotiation.result
        yield ("no client can ask for a new handshake",
               not renegotiation.is_vulnerable_to_client_renegotiation_dos)
