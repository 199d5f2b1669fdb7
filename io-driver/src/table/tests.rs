use super::*;

#[test]
fn the_next_tenant_of_a_slot_has_another_token() {
    let mut table = Table::default();
    let first = table.insert(Arc::default()).unwrap();
    assert!(table.remove(first).is_some());
    let second = table.insert(Arc::default()).unwrap();
    assert_eq!(first.index, second.index);
    assert!(table.addressee(first).is_none());
    assert!(table.remove(first).is_none());
    assert!(table.addressee(second).is_some());
    assert_eq!(table.metrics().ready_events, 1);
}

#[test]
fn a_token_survives_the_way_through_mio() {
    let highest = Token {
        index: INDEX_LIMIT - 1,
        generation: usize::MAX >> INDEX_BITS,
    };
    for token in [Token::new(7, 3), highest] {
        assert_eq!(Token::from(mio::Token::from(token)), token);
    }
    let own_of_the_driver = usize::MAX - 1;
    assert!(mio::Token::from(highest).0 < own_of_the_driver);
}

#[test]
fn a_thousand_come_and_go_and_leave_it_empty() {
    let mut table = Table::default();
    let tokens: Vec<_> = (0..1000)
        .map(|_| table.insert(Arc::default()).unwrap())
        .collect();
    assert_eq!(table.len(), 1000);
    for token in tokens {
        assert!(table.remove(token).is_some());
    }
    assert_eq!(table.len(), 0);
    assert_eq!(
        (table.metrics().registered, table.metrics().deregistered),
        (1000, 1000)
    );
}

#[test]
fn a_registered_source_costs_at_most_a_hundred_bytes_of_heap() {
    let counters_of_arc = 2 * size_of::<usize>();
    let entry_of_slab = size_of::<Option<Slot>>().max(size_of::<Slot>());
    let bytes = size_of::<ScheduledIo>() + counters_of_arc + entry_of_slab;
    assert!(bytes <= 100, "{bytes} bytes");
}
