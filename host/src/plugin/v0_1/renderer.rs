//! The world `config-renderer`.

use super::Guest;
use super::bindings::config_renderer::exports::zuul_operator::plugin::renderer as wit;
use super::types::{Handles, codes, components, findings, options, readers};
use crate::contract::{
    FailureReason, IniSection, RendererInfo, SectionInfo, ZuulConf, ZuulConfAnswer, ZuulConfRequest,
};
use crate::plugin::call::Sandbox;
use crate::plugin::component::{Refusal, World};
use crate::plugin::limits::Limit;

impl Guest {
    /// What a config renderer says of itself.
    ///
    /// # Errors
    /// The call failed.
    pub(in crate::plugin) fn describe_renderer(&self, sandbox: &Sandbox) -> Result<RendererInfo, Refusal> {
        let Self::Renderer(guest) = self else { return Err(super::other_world(World::ConfigRenderer)) };
        let wit::Description { sections, codes: said, extra: _ } =
            sandbox.call(Limit::FuelOther, |store| {
                let instance = guest.instantiate(&mut *store)?;
                store.data_mut().started();
                instance.zuul_operator_plugin_renderer().call_describe(store)
            })?;
        let convert = |wit::SectionInfo { name, named, open, options: known, summary, extra: _ }| {
            SectionInfo { name, named, open, options: options(known), summary }
        };
        Ok(RendererInfo { sections: sections.into_iter().map(convert).collect(), codes: codes(said) })
    }

    /// Renders the zuul.conf of every component.
    ///
    /// # Errors
    /// The call failed, or the answer places a secret that the request does not have.
    pub(in crate::plugin) fn render_zuul_conf(
        &self,
        sandbox: &Sandbox,
        request: &ZuulConfRequest,
    ) -> Result<ZuulConfAnswer, Refusal> {
        let Self::Renderer(guest) = self else { return Err(super::other_world(World::ConfigRenderer)) };
        let mut handles = Handles::default();
        let asked = asked(request, &mut handles);
        let answer = sandbox.call(Limit::FuelRender, |store| {
            let instance = guest.instantiate(&mut *store)?;
            store.data_mut().started();
            instance.zuul_operator_plugin_renderer().call_render(store, &asked)
        })?;
        let wit::Answer { files, findings: said, extra: _ } = answer;
        let files = files.into_iter().map(|file| zuul_conf(file, &handles));
        Ok(ZuulConfAnswer { files: files.collect::<Result<_, _>>()?, findings: findings(said) })
    }
}

fn asked<'a>(request: &'a ZuulConfRequest, handles: &mut Handles<'a>) -> wit::Request {
    let sections = request.sections.iter().map(|section| wit::Section {
        name: section.name.clone(),
        instance: section.instance.clone(),
        entries: section.entries.iter().map(|entry| handles.entry(entry)).collect(),
        extra: Vec::new(),
    });
    let sections = sections.collect();
    let connections = request.connections.iter().map(|connection| wit::Connection {
        name: connection.name.clone(),
        driver: connection.driver.clone(),
        readers: components(&connection.readers),
        lines: connection.lines.iter().map(|line| handles.line(line)).collect(),
        extra: Vec::new(),
    });
    let connections = connections.collect();
    wit::Request { components: components(&request.components), sections, connections, extra: Vec::new() }
}

fn zuul_conf(file: wit::ZuulConf, handles: &Handles<'_>) -> Result<ZuulConf, Refusal> {
    let of = readers(file.component);
    let (Some(component), 1) = (of.first().copied(), of.len()) else {
        let sentence = format!("a zuul.conf is for exactly one component, not for {}", of.len());
        return Err((FailureReason::BadAnswer, sentence));
    };
    let sections = file.sections.into_iter().map(|wit::OutSection { header, lines, extra: _ }| {
        let lines =
            lines.into_iter().map(|wit::OutLine { key, value, extra: _ }| Ok((key, handles.value(value)?)));
        Ok(IniSection { header, lines: lines.collect::<Result<_, Refusal>>()? })
    });
    Ok(ZuulConf { component, sections: sections.collect::<Result<_, Refusal>>()? })
}
