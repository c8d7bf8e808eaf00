//! CRD acceptance on the real server.
