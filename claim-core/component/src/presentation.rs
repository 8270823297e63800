//! What a page shows of a token, in the words of the WIT.

use claim_core::present::{self, Expected, Kind, NotAContract, PresentError};

use crate::Component;
use crate::bindings::exports::claimwright::logic::presentation::{self as wit, Guest};

impl Guest for Component {
    fn present(
        token: String,
        expected: wit::ExpectedToken,
        contract: String,
        language: String,
    ) -> Result<wit::Presented, wit::PresentError> {
        let expected = match expected {
            wit::ExpectedToken::Id => Expected::Id,
            wit::ExpectedToken::Access => Expected::Access,
            wit::ExpectedToken::Any => Expected::Any,
        };
        let reading = present::read(&token, expected)?;
        let rows = present::rows(&reading.payload, &contract, &language)
            .map_err(|NotAContract| wit::PresentError::BadContract)?;
        let sections = rows.sections;
        let row = |row: present::Row| {
            let (section, section_label) = sections.get(row.section).cloned().unwrap_or_default();
            wit::Row {
                keys: row.keys,
                label: row.label,
                section,
                section_label,
                kind: row.kind.into(),
                custom: row.custom,
                personal: row.personal,
                missing: row.missing,
                exact: row.exact,
            }
        };
        Ok(wit::Presented {
            alg: reading.alg,
            kid: reading.kid,
            claims: reading.payload,
            inexact: reading.inexact,
            rows: rows.rows.into_iter().map(row).collect(),
        })
    }
}

impl From<PresentError> for wit::PresentError {
    fn from(error: PresentError) -> Self {
        match error {
            PresentError::TooLarge => Self::TooLarge,
            PresentError::BearerPrefix => Self::BearerPrefix,
            PresentError::NotThreeParts => Self::NotThreeParts,
            PresentError::Encrypted => Self::Encrypted,
            PresentError::BadBase64 => Self::BadBase64url,
            PresentError::BadUtf8 => Self::BadUtf8,
            PresentError::BadJson => Self::BadJson,
            PresentError::TooDeep => Self::TooDeep,
            PresentError::DuplicateMember => Self::DuplicateMember,
            PresentError::NotAnObject => Self::NotAnObject,
            PresentError::WrongTokenUse => Self::WrongTokenUse,
        }
    }
}

impl From<Kind> for wit::ClaimKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Text => Self::Text,
            Kind::Email => Self::Email,
            Kind::Phone => Self::Phone,
            Kind::Url => Self::Url,
            Kind::Boolean => Self::Boolean,
            Kind::Number => Self::Number,
            Kind::Time => Self::Time,
            Kind::Id => Self::Id,
            Kind::List => Self::List,
            Kind::Object => Self::Object,
            Kind::Null => Self::Null,
        }
    }
}
