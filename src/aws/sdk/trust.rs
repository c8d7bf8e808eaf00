//! The trusted certificates: those of `AWS_CA_BUNDLE` if it is set, as for the AWS CLI, or those of the machine.

use std::error::Error;
use std::io;
use std::path::Path;

use rustls::pki_types::CertificateDer;
use rustls::{CertificateError, RootCertStore};

use crate::app::environment::Environment;
use crate::causes::causes;

/// What to do about an unknown issuer, such as a proxy that decrypts TLS.
pub const WAY_OUT: &str = "set AWS_CA_BUNDLE to a file with the certificate of the authority that issued it";

/// The certificates of the bundle; `None`: no bundle is named. `Err` says what is wrong with the file.
pub fn bundle(environment: &Environment) -> Result<Option<Vec<CertificateDer<'static>>>, String> {
    let Some(path) = &environment.ca_bundle else { return Ok(None) };
    let found = rustls_native_certs::load_certs_from_paths(Some(Path::new(path)), None);
    if let Some(error) = found.errors.first() {
        return Err(format!("AWS_CA_BUNDLE ({path}) cannot be read: {}", causes(error)));
    }
    let (taken, _) = RootCertStore::empty().add_parsable_certificates(found.certs.clone());
    if taken == 0 {
        return Err(format!("AWS_CA_BUNDLE ({path}) holds no certificate: it must be a file in PEM format"));
    }
    Ok(Some(found.certs))
}

/// Whether a certificate was refused because its issuer is unknown.
pub fn is_unknown_issuer(error: &(dyn Error + 'static)) -> bool {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(rustls::Error::InvalidCertificate(CertificateError::UnknownIssuer)) = error.downcast_ref()
        {
            return true;
        }
        // `source()` of an `io::Error` skips the error that it wraps, and returns the source of that error.
        let held = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        if held.is_some_and(|held| is_unknown_issuer(held)) {
            return true;
        }
        next = error.source();
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(path: &str) -> Result<Option<Vec<CertificateDer<'static>>>, String> {
        bundle(&Environment { ca_bundle: Some(path.to_owned()), ..Environment::default() })
    }

    #[test]
    fn a_bundle_that_is_missing_or_holds_nothing_is_told_by_its_variable_and_path() {
        let missing = of("/nonexistent/ca.pem").unwrap_err();
        assert!(missing.starts_with("AWS_CA_BUNDLE (/nonexistent/ca.pem) cannot be read"), "{missing}");
        assert!(missing.contains("No such file"), "{missing}");
        let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
        let empty = of(manifest).unwrap_err();
        assert!(empty.ends_with("holds no certificate: it must be a file in PEM format"), "{empty}");
        assert_eq!(bundle(&Environment::default()), Ok(None));
    }
}
