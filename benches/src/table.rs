//! Tables, in aligned text or Markdown.

/// A title, a head and rows of as many cells.
#[derive(Debug)]
pub(crate) struct Table {
    title: String,
    rows: Vec<Vec<String>>,
}

impl Table {
    pub(crate) fn new(title: impl Into<String>, head: &[&str]) -> Self {
        let head = head.iter().map(|cell| (*cell).to_owned()).collect();
        Self {
            title: title.into(),
            rows: vec![head],
        }
    }

    pub(crate) fn add(&mut self, row: Vec<String>) {
        debug_assert_eq!(row.len(), self.rows[0].len());
        self.rows.push(row);
    }

    /// Whether there is nothing below the head.
    pub(crate) fn is_empty(&self) -> bool {
        self.rows.len() == 1
    }

    pub(crate) fn render(&self, markdown: bool) -> String {
        let (edge, between, fill) = if markdown {
            ("|", " | ", "-")
        } else {
            ("", "  ", "-")
        };
        let widths = self.widths();
        let rule: Vec<String> = widths.iter().map(|width| fill.repeat(*width)).collect();
        let mut lines = vec![self.title.clone(), String::new()];
        for (index, row) in self.rows.iter().enumerate() {
            lines.push(line(row, &widths, edge, between));
            if index == 0 {
                lines.push(line(&rule, &widths, edge, between));
            }
        }
        lines.push(String::new());
        lines.join("\n")
    }

    fn widths(&self) -> Vec<usize> {
        let columns = 0..self.rows[0].len();
        columns
            .map(|column| {
                self.rows
                    .iter()
                    .map(|row| row[column].chars().count())
                    .max()
            })
            .map(|width| width.expect("there is a head"))
            .collect()
    }
}

fn line(cells: &[String], widths: &[usize], edge: &str, between: &str) -> String {
    let cells: Vec<String> = cells
        .iter()
        .zip(widths)
        .map(|(cell, width)| format!("{cell:width$}"))
        .collect();
    let inner = cells.join(between);
    match edge {
        "" => inner.trim_end().to_owned(),
        edge => format!("{edge} {inner} {edge}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn small() -> Table {
        let mut table = Table::new("sizes", &["what", "bytes"]);
        table.add(vec!["a".into(), "1000000".into()]);
        table
    }

    #[test]
    fn text_is_aligned() {
        assert_eq!(
            small().render(false),
            "sizes\n\nwhat  bytes\n----  -------\na     1000000\n"
        );
    }

    #[test]
    fn markdown_has_edges() {
        assert_eq!(
            small().render(true),
            "sizes\n\n| what | bytes   |\n| ---- | ------- |\n| a    | 1000000 |\n"
        );
    }

    #[test]
    fn a_head_alone_is_empty() {
        assert!(Table::new("sizes", &["what"]).is_empty());
        assert!(!small().is_empty());
    }
}
