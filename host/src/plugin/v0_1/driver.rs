//! The world `connection-driver`.

use super::Guest;
use super::bindings::connection_driver::exports::zuul_operator::plugin::driver as wit;
use super::types::{Handles, codes, components, findings, options, readers};
use crate::contract::{ConnectionRequest, DriverInfo, MountedFile, Rendering, Role};
use crate::plugin::call::Sandbox;
use crate::plugin::component::{Refusal, World};
use crate::plugin::limits::Limit;

impl Guest {
    /// What a connection driver says of itself.
    ///
    /// # Errors
    /// The call failed.
    pub(in crate::plugin) fn describe_driver(&self, sandbox: &Sandbox) -> Result<DriverInfo, Refusal> {
        let Self::Driver(guest) = self else { return Err(super::other_world(World::ConnectionDriver)) };
        let wit::Description { drivers, roles, open, options, codes, summary, extra: _ } =
            sandbox.call(Limit::FuelOther, |store| {
                let instance = guest.instantiate(&mut *store)?;
                store.data_mut().started();
                instance.zuul_operator_plugin_driver().call_describe(store)
            })?;
        let known = [
            (wit::Roles::SOURCE, Role::Source),
            (wit::Roles::REPORTER, Role::Reporter),
            (wit::Roles::PROVIDER, Role::Provider),
        ];
        let roles =
            known.into_iter().filter(|(flag, _)| roles.contains(*flag)).map(|(_, role)| role).collect();
        Ok(DriverInfo {
            drivers,
            roles,
            open,
            options: self::options(options),
            codes: self::codes(codes),
            summary,
        })
    }

    /// Renders one connection.
    ///
    /// # Errors
    /// The call failed, or the answer places a secret that the request does not have.
    pub(in crate::plugin) fn render_connection(
        &self,
        sandbox: &Sandbox,
        request: &ConnectionRequest,
    ) -> Result<Rendering, Refusal> {
        let Self::Driver(guest) = self else { return Err(super::other_world(World::ConnectionDriver)) };
        let ConnectionRequest { name, driver, options, mount, components: has } = request;
        let mut handles = Handles::default();
        let connection = wit::Connection {
            name: name.clone(),
            driver: driver.clone(),
            options: options.iter().map(|entry| handles.entry(entry)).collect(),
            mount: mount.clone(),
            components: components(has),
            extra: Vec::new(),
        };
        let answer = sandbox.call(Limit::FuelRender, |store| {
            let instance = guest.instantiate(&mut *store)?;
            store.data_mut().started();
            instance.zuul_operator_plugin_driver().call_render(store, &connection)
        })?;
        rendering(answer, &handles)
    }
}

fn rendering(answer: wit::Rendering, handles: &Handles<'_>) -> Result<Rendering, Refusal> {
    let wit::Rendering { readers: section, lines, files, findings: said, extra: _ } = answer;
    let files = files.into_iter().map(|wit::File { path, content, readers: pods, extra: _ }| {
        Ok(MountedFile { path, content: handles.secret(content)?, readers: readers(pods) })
    });
    Ok(Rendering {
        readers: readers(section),
        lines: handles.lines(lines)?,
        files: files.collect::<Result<_, Refusal>>()?,
        findings: findings(said),
    })
}
