//! The registry of the admin's models, and the checks of their descriptions at start.

use std::collections::HashSet;

use diesel::QueryResult;

use crate::admin::paths;
use crate::admin::registry::descriptors::{Meta, Permission};
use crate::admin::registry::model_admin::ModelAdmin;
use crate::admin::registry::panels::{Figure, Panel};
use crate::admin::registry::registered::{FieldMeta, RegisteredModel};
use crate::admin::registry::registration::Registration;
use crate::clock::TimeZone;
use crate::db::Connection;
use crate::web::context::installed::ContentType;
use crate::web::context::viewer::Viewer;

/// All registered models, in the order of registration.
#[derive(Default)]
pub struct AdminSite {
    models: Vec<&'static dyn RegisteredModel>,
    dashboard: Option<(&'static str, Dashboard)>,
}

/// Reads the figures and the chart that the admin's first page shows.
pub type Dashboard = fn(&mut Connection, &TimeZone) -> QueryResult<(Vec<Figure>, Option<Panel>)>;

/// An app with those of its models that the viewer may see.
pub struct ListedApp {
    pub label: &'static str,
    /// The message id of the app's name.
    pub name: &'static str,
    pub models: Vec<ListedModel>,
}

impl ListedApp {
    pub fn path(&self) -> String {
        paths::app(self.label)
    }
}

pub struct ListedModel {
    pub meta: Meta,
    pub may_add: bool,
    pub may_change: bool,
    /// Whether the viewer may open the model's list. False for a viewer who may only add objects.
    pub may_view: bool,
}

impl AdminSite {
    #[must_use]
    pub fn register<A: ModelAdmin>(mut self) -> Self {
        self.models.push(const { &Registration::<A>::new() });
        self
    }

    /// Shows a dashboard on the first page to viewers who have the permission.
    #[must_use]
    pub fn with_dashboard(mut self, permission: &'static str, dashboard: Dashboard) -> Self {
        self.dashboard = Some((permission, dashboard));
        self
    }

    pub fn dashboard(&self, viewer: &Viewer) -> Option<Dashboard> {
        self.dashboard.filter(|(permission, _)| viewer.can(permission)).map(|(_, dashboard)| dashboard)
    }

    pub fn model(&self, app: &str, model: &str) -> Option<&'static dyn RegisteredModel> {
        self.models.iter().copied().find(|known| known.meta().app == app && known.meta().model == model)
    }

    /// The apps of which the viewer may see at least one model.
    pub fn apps(&self, viewer: &Viewer) -> Vec<ListedApp> {
        let mut apps: Vec<ListedApp> = Vec::new();
        for model in &self.models {
            let meta = model.meta();
            let listed = ListedModel {
                meta,
                may_add: may(viewer, *model, Permission::Add),
                may_change: may(viewer, *model, Permission::Change),
                may_view: may_see(viewer, *model),
            };
            if !listed.may_view && !listed.may_add {
                continue;
            }
            match apps.iter_mut().find(|app| app.label == meta.app) {
                Some(app) => app.models.push(listed),
                None => apps.push(ListedApp { label: meta.app, name: meta.app_name, models: vec![listed] }),
            }
        }
        // Sorted by label, as in Django, but the admin's own log comes last.
        apps.sort_by_key(|app| (app.label == "admin", app.label));
        apps
    }

    /// The faults in the models' descriptions. They are checked at start, as Django's `admin.E…` checks are.
    pub fn check(&self, content_types: &[ContentType]) -> Vec<String> {
        let mut faults = Vec::new();
        let mut seen = HashSet::new();
        for model in &self.models {
            let meta = model.meta();
            let name = format!("{}.{}", meta.app, meta.model);
            if !seen.insert(name.clone()) {
                faults.push(format!("{name} is registered twice"));
            }
            if !content_types.contains(&meta.content_type()) {
                faults.push(format!("{name} is among no feature's content_types, so that it has no permissions"));
            }
            check_model(*model, &name, &mut faults);
            for field in model.fields() {
                let unknown = field.related.filter(|(app, model)| self.model(app, model).is_none());
                if let Some((app, model)) = unknown {
                    faults.push(format!("{name}: {} is of {app}.{model}, which is not registered", field.name));
                }
            }
        }
        faults
    }
}

fn check_model(model: &dyn RegisteredModel, name: &str, faults: &mut Vec<String>) {
    let fields = model.fields();
    let mut names = HashSet::new();
    for field in &fields {
        if !names.insert(field.name) {
            faults.push(format!("{name}: there are two fields {}", field.name));
        }
    }
    let mut unknown = Vec::new();
    let mut check = |what: &str, used: &str| {
        if !names.contains(used) {
            unknown.push(format!("{name}: {what} names {used}, which is no field"));
        }
    };
    model.list_display().iter().for_each(|used| check("list_display", used));
    model.ordering().iter().for_each(|(used, _)| check("ordering", used));
    model.date_hierarchy().iter().for_each(|used| check("date_hierarchy", used));
    model.copied_title().iter().for_each(|used| check("copied_title", used));
    let of_no_column = |used: &str| fields.iter().any(|field| field.name == used && !field.is_column);
    for used in model.date_hierarchy().into_iter().filter(|used| of_no_column(used)) {
        faults.push(format!("{name}: date_hierarchy names {used}, which is no column of the table"));
    }
    let unsortable = |used: &str| fields.iter().any(|field| field.name == used && !field.sortable);
    for (used, _) in model.ordering().iter().filter(|(used, _)| unsortable(used)) {
        faults.push(format!("{name}: ordering names {used}, by which no list can be sorted"));
    }
    faults.extend(model.column_faults().into_iter().map(|fault| format!("{name}: {fault}")));
    let mut forms = vec![model.fieldsets(false)];
    if model.is_added_in_two_steps() {
        forms.push(model.fieldsets(true));
    }
    for fieldset in forms.into_iter().flatten() {
        fieldset.fields.iter().for_each(|used| check("fieldsets", used));
        if fieldset.collapsed && fieldset.title.is_none() {
            faults.push(format!("{name}: a collapsed fieldset of {:?} has no title to open it by", fieldset.fields));
        }
        let in_form = fields.iter().filter(|field| model.may_be_changed() && fieldset.fields.contains(&field.name));
        check_setters(in_form, name, faults);
    }
    faults.append(&mut unknown);
    for inline in model.inlines() {
        check_setters(inline.fields().iter(), &format!("{name}, {}", inline.prefix()), faults);
    }
}

fn check_setters<'a>(fields: impl Iterator<Item = &'a FieldMeta>, name: &str, faults: &mut Vec<String>) {
    for field in fields.filter(|field| field.required && !field.editable) {
        faults.push(format!("{name}: the form's field {} is required and has no setter", field.name));
    }
}

/// Whether a viewer has a permission for a model, by Django's permission names. All code that checks permissions of
/// models calls this.
pub fn may(viewer: &Viewer, model: &dyn RegisteredModel, permission: Permission) -> bool {
    let meta = model.meta();
    let can = |permission: Permission| viewer.can(&meta.permission(permission));
    let possible = match permission {
        // Adding in two steps changes the object in the second step, so it needs both permissions.
        Permission::Add => model.may_be_added() && (!model.is_added_in_two_steps() || can(Permission::Change)),
        Permission::Change | Permission::Delete => model.may_be_changed(),
        Permission::View => true,
    };
    possible && viewer.is_staff && can(permission)
}

/// Whether a viewer may see objects of a model. As in Django, the permission to change includes the permission to view.
pub fn may_see(viewer: &Viewer, model: &dyn RegisteredModel) -> bool {
    may(viewer, model, Permission::View) || may(viewer, model, Permission::Change)
}

#[cfg(test)]
mod tests;
