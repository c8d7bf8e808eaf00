//! The keys and certificates of a control plane, all from one authority that lives as long as it does.
//! Knows nothing of files.

use rcgen::{
    BasicConstraints, Certificate, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, date_time_ymd,
};

use crate::error::Error;

/// A certificate and its key, both PEM.
pub struct Pair {
    pub certificate: String,
    pub key: String,
}

/// Signs the API server's certificate and those of its users.
pub struct Authority {
    certificate: Certificate,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    pub fn new() -> Result<Self, Error> {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::DigitalSignature];
        params.distinguished_name.push(DnType::CommonName, "controlplane");
        let key = KeyPair::generate().map_err(Error::Certificate)?;
        let certificate = params.self_signed(&key).map_err(Error::Certificate)?;
        Ok(Self { certificate, issuer: Issuer::new(params, key) })
    }

    pub fn pem(&self) -> String {
        self.certificate.pem()
    }

    /// For a server that is reached as localhost or 127.0.0.1.
    pub fn server(&self) -> Result<Pair, Error> {
        self.server_until(None)
    }

    /// The same, and nobody has trusted it for years.
    pub fn expired_server(&self) -> Result<Pair, Error> {
        self.server_until(Some(2020))
    }

    fn server_until(&self, year: Option<i32>) -> Result<Pair, Error> {
        let names = ["localhost".to_owned(), "127.0.0.1".to_owned()];
        let mut params = CertificateParams::new(names).map_err(Error::Certificate)?;
        params.distinguished_name.push(DnType::CommonName, "kube-apiserver");
        if let Some(year) = year {
            params.not_after = date_time_ymd(year, 1, 1);
        }
        self.sign(params, ExtendedKeyUsagePurpose::ServerAuth)
    }

    /// For a user as Kubernetes reads one: the common name is the user, the organisation a group.
    pub fn user(&self, user: &str, groups: &[&str]) -> Result<Pair, Error> {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, user);
        match groups {
            [] => {}
            [group] => params.distinguished_name.push(DnType::OrganizationName, *group),
            _ => {
                return Err(Error::Groups { user: user.to_owned(), groups: groups.len() });
            }
        }
        self.sign(params, ExtendedKeyUsagePurpose::ClientAuth)
    }

    fn sign(&self, mut params: CertificateParams, usage: ExtendedKeyUsagePurpose) -> Result<Pair, Error> {
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![usage];
        params.use_authority_key_identifier_extension = true;
        let key = KeyPair::generate().map_err(Error::Certificate)?;
        let certificate = params.signed_by(&key, &self.issuer).map_err(Error::Certificate)?;
        Ok(Pair { certificate: certificate.pem(), key: key.serialize_pem() })
    }
}

/// A public and a private key, both PEM, with which service account tokens are signed.
pub fn signing_key() -> Result<(String, String), Error> {
    let key = KeyPair::generate().map_err(Error::Certificate)?;
    Ok((key.public_key_pem(), key.serialize_pem()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_has_one_group_at_most() {
        let authority = Authority::new().unwrap();
        assert!(authority.user("anna", &[]).is_ok());
        assert!(authority.user("anna", &["team"]).is_ok());
        let refusal = authority.user("anna", &["team", "admins"]).err().unwrap();
        assert!(refusal.to_string().contains("anna cannot have 2 groups"));
    }

    #[test]
    fn certificates_and_keys_are_pem() {
        let server = Authority::new().unwrap().server().unwrap();
        assert!(server.certificate.starts_with("-----BEGIN CERTIFICATE-----"));
        assert!(server.key.starts_with("-----BEGIN PRIVATE KEY-----"));
    }
}
